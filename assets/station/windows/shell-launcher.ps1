# Hands shell-launcher.xml (or assigned-access.xml) to Windows on this machine, the way a management service would: through the
# bridge from WMI to the AssignedAccess configuration service provider. It answers only to SYSTEM, so run it as SYSTEM, for
# example as a scheduled task or with a tool of your own. Intune needs none of this (docs/operations.md).
# Source: Microsoft, "AssignedAccess CSP" and "MDM Bridge WMI Provider".
#
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File shell-launcher.ps1
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File shell-launcher.ps1 -AssignedAccess
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File shell-launcher.ps1 -Remove
param(
  [switch]$AssignedAccess,
  [switch]$Remove
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$me = [System.Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $me.IsSystem) { throw 'run this as SYSTEM' }

if (-not $AssignedAccess -and -not $Remove) {
  $feature = Get-WindowsOptionalFeature -Online -FeatureName 'Client-EmbeddedShellLauncher'
  if ($feature.State -ne 'Enabled') {
    Enable-WindowsOptionalFeature -Online -FeatureName 'Client-EmbeddedShellLauncher' -All -NoRestart | Out-Null
  }
}

$bridge = Get-CimInstance -Namespace 'root\cimv2\mdm\dmmap' -ClassName 'MDM_AssignedAccess'
$xml = ''
if (-not $Remove) {
  $file = if ($AssignedAccess) { 'assigned-access.xml' } else { 'shell-launcher.xml' }
  $xml = [System.Net.WebUtility]::HtmlEncode((Get-Content -Raw -Encoding UTF8 -Path (Join-Path $PSScriptRoot $file)))
}
# One of the two at a time: they can't be together.
if ($AssignedAccess) {
  $bridge.ShellLauncher = ''
  $bridge.Configuration = $xml
} else {
  $bridge.Configuration = ''
  $bridge.ShellLauncher = $xml
}
Set-CimInstance -CimInstance $bridge
Write-Output 'Windows took the configuration. Restart the machine.'
