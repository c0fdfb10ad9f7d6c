# Sets what policies.json lists, or shows what is not so. Run as an administrator, after the kiosk's account has signed in once.
#
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File policies.ps1 -KioskAccount Kiosk
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File policies.ps1 -KioskAccount Kiosk -Check
param(
  [Parameter(Mandatory = $true)][string]$KioskAccount,
  [switch]$Check
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$list = Get-Content -Raw -Encoding UTF8 -Path (Join-Path $PSScriptRoot 'policies.json') | ConvertFrom-Json
$sid = (New-Object System.Security.Principal.NTAccount($KioskAccount)).Translate([System.Security.Principal.SecurityIdentifier]).Value
$profileFolder = (Get-ItemProperty -Path "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid").ProfileImagePath

# While the kiosk is signed in its registry is there under its SID; otherwise it is laid in for as long as this runs.
$mounted = $false
$users = 'Registry::HKEY_USERS'
if (-not (Test-Path -Path "$users\$sid")) {
  & "$env:SystemRoot\System32\reg.exe" load "HKU\$sid" (Join-Path $profileFolder 'NTUSER.DAT') | Out-Null
  if ($LASTEXITCODE -ne 0) { throw "the registry of $KioskAccount can't be opened; has the account signed in once?" }
  $mounted = $true
}

$differ = 0
try {
  foreach ($policy in $list.policies) {
    $hive = if ($policy.hive -eq 'KIOSK') { "$users\$sid" } else { 'Registry::HKEY_LOCAL_MACHINE' }
    $path = "$hive\$($policy.key)"
    $now = $null
    if (Test-Path -Path $path) {
      $item = Get-ItemProperty -Path $path
      if ($item.PSObject.Properties.Name -contains $policy.name) { $now = $item.($policy.name) }
    }
    if ($null -ne $now -and $now -eq $policy.value) { continue }
    $differ += 1
    if ($Check) {
      Write-Output ('{0}\{1}: {2}' -f $policy.key, $policy.name, $policy.why)
      continue
    }
    if (-not (Test-Path -Path $path)) { New-Item -Path $path -Force | Out-Null }
    New-ItemProperty -Path $path -Name $policy.name -PropertyType DWord -Value $policy.value -Force | Out-Null
  }
} finally {
  if ($mounted) {
    # The provider holds its keys open until they are collected.
    [gc]::Collect()
    [gc]::WaitForPendingFinalizers()
    & "$env:SystemRoot\System32\reg.exe" unload "HKU\$sid" | Out-Null
  }
}
if ($Check) {
  Write-Output ('{0} of {1} policies are not so.' -f $differ, @($list.policies).Count)
  if ($differ -gt 0) { exit 1 }
} else {
  Write-Output ('{0} policies set.' -f $differ)
}
