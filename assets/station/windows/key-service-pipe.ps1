# The door of the key service on Windows: a named pipe that one account may open, and one client at a time. Node.js can't say
# who may open a pipe, so this script makes it and gives each client a key service of its own on standard input and output.
# Installed as a service of LocalSystem (docs/key-host.md): Windows opens security keys for elevated processes only.
#
#   powershell.exe -NoProfile -ExecutionPolicy AllSigned -File key-service-pipe.ps1 -Node <node.exe> -Program <key-service.mjs>
#     -RelyingParty login.microsoft.com -DeskAccount <DOMAIN\account>
param(
  [Parameter(Mandatory = $true)][string]$Node,
  [Parameter(Mandatory = $true)][string]$Program,
  [Parameter(Mandatory = $true)][string]$RelyingParty,
  [Parameter(Mandatory = $true)][string]$DeskAccount,
  [string]$PipeName = 'firstkey-keys',
  # What the service insists on whatever a desk says, such as --require-attestation: docs/key-host.md.
  [string[]]$Insist = @()
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# What goes into a command line must not be able to end an argument.
foreach ($part in @($Program, $RelyingParty) + $Insist) { if ($part -match '["\r\n]') { throw 'a quotation mark in a parameter' } }

function New-DeskPipe {
  $security = New-Object System.IO.Pipes.PipeSecurity
  # Nobody inherits anything: what is not named here may not open the pipe.
  $security.SetAccessRuleProtection($true, $false)
  $network = New-Object System.Security.Principal.SecurityIdentifier([System.Security.Principal.WellKnownSidType]::NetworkSid, $null)
  $system = New-Object System.Security.Principal.SecurityIdentifier([System.Security.Principal.WellKnownSidType]::LocalSystemSid, $null)
  $desk = (New-Object System.Security.Principal.NTAccount($DeskAccount)).Translate([System.Security.Principal.SecurityIdentifier])
  $security.AddAccessRule((New-Object System.IO.Pipes.PipeAccessRule($network, 'FullControl', 'Deny')))
  $security.AddAccessRule((New-Object System.IO.Pipes.PipeAccessRule($system, 'FullControl', 'Allow')))
  # Read and write, and no CreateNewInstance: the desk can't put a pipe of its own beside this one.
  $security.AddAccessRule((New-Object System.IO.Pipes.PipeAccessRule($desk, 'ReadWrite', 'Allow')))
  # One instance at most: a second server under this name, ours or a squatter's, fails to start.
  New-Object System.IO.Pipes.NamedPipeServerStream($PipeName, 'InOut', 1, 'Byte', 'Asynchronous', 65536, 65536, $security)
}

while ($true) {
  $pipe = New-DeskPipe
  $session = $null
  try {
    $pipe.WaitForConnection()
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $Node
    $quoted = $Insist | ForEach-Object { ' "{0}"' -f $_ }
    $start.Arguments = ('"{0}" --session --stdout --rp-id "{1}"' -f $Program, $RelyingParty) + (-join $quoted)
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.EnvironmentVariables.Clear()
    $start.EnvironmentVariables['SystemRoot'] = $env:SystemRoot
    $session = [System.Diagnostics.Process]::Start($start)
    $toKeys = $pipe.CopyToAsync($session.StandardInput.BaseStream, 4096)
    $toDesk = $session.StandardOutput.BaseStream.CopyToAsync($pipe, 4096)
    # Whoever ends first ends both: the desk that hangs up, or the service that refuses.
    [void][System.Threading.Tasks.Task]::WaitAny($toKeys, $toDesk)
  } catch [System.IO.IOException] {
    # A client that was gone before it was served.
  } finally {
    if ($session) {
      $session.StandardInput.Close()
      if (-not $session.WaitForExit(4000)) { $session.Kill() }
      $session.Dispose()
    }
    $pipe.Dispose()
  }
}
