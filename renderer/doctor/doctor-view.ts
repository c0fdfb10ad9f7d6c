import type { DoctorIntent, DoctorSnapshot } from '../../contract/doctor-page.ts';
import type { StaffScene, StaffView } from '../staff/staff-view.ts';

export type DoctorView = StaffView<DoctorIntent>;
export type DoctorScene = StaffScene<DoctorSnapshot, DoctorIntent>;
