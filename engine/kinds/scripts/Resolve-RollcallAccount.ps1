# Resolve-RollcallAccount: what this host calls accounts, and their SIDs.
#
# Input    Name   each of: DOMAIN\name, .\name for an account of this host, name@domain, or a SID (S-1-...).
# Output   one object per account:
#          Name     [string] the account as it was asked for
#          Mapped   [bool] False: this host, and the domain it asked, know no such account
#          Sid      [string] '' where Mapped is False
#          Account  [string] the name as this host writes it, in its own language: BUILTIN\Administrators,
#                   VORDEFINIERT\Administratoren, Everyone, Jeder; '' where a SID has no name here
# Errors   one per account that could not be asked about, which is the error's target:
#          RollcallAccountFailed  no domain controller, broken trust, no SID (ResourceUnavailable)
function Resolve-RollcallAccount {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Name
    )

    Set-StrictMode -Version 3.0
    foreach ($one in $Name) {
        try {
            $sid = $null
            $account = ''
            if ($one -match '^S-1-[0-9]+(-[0-9]+)+$') {
                $sid = [System.Security.Principal.SecurityIdentifier]::new($one)
            }
            else {
                $asked = $one
                if ($asked.StartsWith('.\', [StringComparison]::Ordinal)) { $asked = [Environment]::MachineName + $asked.Substring(1) }
                try {
                    $sid = [System.Security.Principal.NTAccount]::new($asked).Translate([System.Security.Principal.SecurityIdentifier])
                }
                catch [System.Security.Principal.IdentityNotMappedException] {
                    $sid = $null
                }
            }
            if ($null -eq $sid) {
                [pscustomobject]@{ Name = $one; Mapped = $false; Sid = ''; Account = '' }
                continue
            }
            try {
                $account = $sid.Translate([System.Security.Principal.NTAccount]).Value
            }
            catch [System.Security.Principal.IdentityNotMappedException] {
                $account = ''
            }
            [pscustomobject]@{ Name = $one; Mapped = $true; Sid = $sid.Value; Account = $account }
        }
        catch {
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new(
                    $_.Exception, 'RollcallAccountFailed', [System.Management.Automation.ErrorCategory]::ResourceUnavailable, $one))
        }
    }
}
