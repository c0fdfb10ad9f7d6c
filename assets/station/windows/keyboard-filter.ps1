# Keyboard Filter: key combinations that Windows takes for itself do nothing for the kiosk. For editions that have it
# (Enterprise, Education, IoT Enterprise). Run as an administrator; the first time it asks for a restart, then run it again.
#
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File keyboard-filter.ps1 -BreakoutScanCode 70
#
# Five times the breakout key leads to the sign-in page. Windows' own choice is the left Windows key, which everybody finds; 70 is
# Scroll Lock, which touch keyboards and most kiosk keyboards don't have. Write down which key it is: it is the way in for you too.
# Source: Microsoft, "Keyboard Filter", WEKF_Settings and WEKF_PredefinedKey.
param(
  [Parameter(Mandatory = $true)][ValidateRange(1, 255)][int]$BreakoutScanCode
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# Scan code 91: the left Windows key, the one that must not stay.
if ($BreakoutScanCode -eq 91) { throw 'the left Windows key is what everybody tries first; choose another one' }

$feature = Get-WindowsOptionalFeature -Online -FeatureName 'Client-KeyboardFilter'
if ($feature.State -ne 'Enabled') {
  Enable-WindowsOptionalFeature -Online -FeatureName 'Client-KeyboardFilter' -All -NoRestart | Out-Null
  Write-Output 'Keyboard Filter was switched on. Restart the machine and run this again.'
  exit 3010
}

$embedded = @{ Namespace = 'root\standardcimv2\embedded' }

function Set-FilterSetting([string]$Name, [string]$Value) {
  $setting = Get-CimInstance @embedded -ClassName 'WEKF_Settings' -Filter "Name='$Name'"
  if (-not $setting) { throw "there is no Keyboard Filter setting $Name" }
  Set-CimInstance -InputObject $setting -Property @{ Value = $Value }
}

function Block-Combination([string]$Id) {
  $combination = Get-CimInstance @embedded -ClassName 'WEKF_PredefinedKey' -Filter "Id='$Id'"
  if (-not $combination) { throw "there is no predefined combination $Id" }
  Set-CimInstance -InputObject $combination -Property @{ Enabled = $true }
}

Set-FilterSetting -Name 'BreakoutKeyScanCode' -Value "$BreakoutScanCode"
# The dialogs that five times Shift and its like open; the desk has helps of its own in their place.
Set-FilterSetting -Name 'ForceOffAccessibility' -Value 'true'
Set-FilterSetting -Name 'DisableKeyboardFilterForAdministrators' -Value 'true'

$combinations = @(
  'Ctrl+Alt+Del', 'Ctrl+Esc', 'Ctrl+Shift+Esc', 'Alt+F4', 'Alt+Tab', 'Alt+Shift+Tab', 'Alt+Esc', 'Alt+Space', 'Shift+F10',
  'Windows', 'Application', 'Win+L', 'Win+R', 'Win+E', 'Win+D', 'Win+I', 'Win+U', 'Win+X', 'Win+S', 'Win+Q', 'Win+Tab', 'Win+P',
  'Win+F1', 'Win+Enter', 'LShift+LAlt+PrintScrn', 'LShift+LAlt+NumLock', 'Ctrl+Win+F', 'Win+Break', 'Win+M'
)
# Editions differ in what they have predefined. What can't be blocked is said, and the others are blocked all the same.
$missing = @()
foreach ($combination in $combinations) {
  try { Block-Combination -Id $combination } catch { $missing += $combination }
}
if ($missing.Count -gt 0) { Write-Warning ('not predefined on this edition: ' + ($missing -join ', ')) }

Set-Service -Name 'MsKeyboardFilter' -StartupType Automatic
Start-Service -Name 'MsKeyboardFilter'
Write-Output 'Keyboard Filter runs.'
