// The doctor's page for the policy owner with the desk's own faces in it, for its printer and for a file alike.
import type { DoctorReport } from '../../contract/doctor.ts';
import type { Language } from '../../contract/intent.ts';
import { doctorPage } from '../doctor/page/doctor-page.ts';
import { pageFonts } from './page-fonts.ts';

/** @param pagesFolder where the desk's pages are built to; without them the page is read in the system's faces */
export function drawDoctorPage(report: DoctorReport, language: Language, pagesFolder: string): Promise<string> {
  // The Arabic face is five times as large as the other, and goes only where it is read.
  const fonts = pageFonts(pagesFolder).filter(({ unicodeRange }) => language === 'ar' || unicodeRange === undefined);
  return doctorPage(report, { language, fonts });
}
