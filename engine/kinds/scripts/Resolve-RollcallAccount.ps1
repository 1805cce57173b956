# Resolve-RollcallAccount: what this host calls an account, and its SID.
#
# Input    Name   DOMAIN\name, .\name for an account of this host, name@domain, or a SID (S-1-...).
# Output   one object:
#          Mapped   [bool] False: this host, and the domain it asked, know no such account
#          Sid      [string] '' where Mapped is False
#          Account  [string] the name as this host writes it, in its own language: BUILTIN\Administrators,
#                   VORDEFINIERT\Administratoren, Everyone, Jeder; '' where a SID has no name here
# Errors   RollcallAccountFailed  the question could not be answered: no domain controller, broken trust
#                                 (ResourceUnavailable)
function Resolve-RollcallAccount {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string] $Name
    )

    Set-StrictMode -Version 3.0
    $sid = $null
    $account = ''
    try {
        if ($Name -match '^S-1-[0-9]+(-[0-9]+)+$') {
            $sid = [System.Security.Principal.SecurityIdentifier]::new($Name)
        }
        else {
            $asked = $Name
            if ($asked.StartsWith('.\')) { $asked = [Environment]::MachineName + $asked.Substring(1) }
            try {
                $sid = [System.Security.Principal.NTAccount]::new($asked).Translate([System.Security.Principal.SecurityIdentifier])
            }
            catch [System.Security.Principal.IdentityNotMappedException] {
                [pscustomobject]@{ Mapped = $false; Sid = ''; Account = '' }
                return
            }
        }
        try {
            $account = $sid.Translate([System.Security.Principal.NTAccount]).Value
        }
        catch [System.Security.Principal.IdentityNotMappedException] {
            $account = ''
        }
    }
    catch {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new(
                $_.Exception, 'RollcallAccountFailed', [System.Management.Automation.ErrorCategory]::ResourceUnavailable, $Name))
    }
    [pscustomobject]@{ Mapped = $true; Sid = $sid.Value; Account = $account }
}
