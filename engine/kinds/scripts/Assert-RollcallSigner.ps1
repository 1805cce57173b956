# Assert-RollcallSigner: make sure that a file is signed, and by whom, before it is run.
# Get-AuthenticodeSignature tells; no cmdlet compares. The name is the first CN of the signer's certificate:
# GetNameInfo takes another part of the subject where there is no CN, so one has to be there.
#
# Input    Path        full path of the file, taken literally.
#          CommonName  the name that the signer's certificate must be issued to, to the letter.
# Output   nothing; the file is signed by this signer, and Windows takes the signature for valid
# Errors   RollcallSignerNotValid  there is no signature, or not one that Windows takes for valid (SecurityError)
#          RollcallSignerOther     it is somebody else's (SecurityError)
#          RollcallSignerFailed    the file could not be looked at (ReadError)
function Assert-RollcallSigner {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)]
        [ValidatePattern('^[A-Za-z]:\\')]
        [string] $Path,

        [Parameter(Mandatory = $true)]
        [ValidateNotNullOrEmpty()]
        [string] $CommonName
    )

    Set-StrictMode -Version 3.0
    # Written below the catch: with -ErrorAction Stop writing an error raises one, which would be caught.
    $failure = $null
    try {
        $signature = Get-AuthenticodeSignature -LiteralPath $Path -ErrorAction Stop
        $id = ''
        $message = ''
        if ($signature.Status -ne [System.Management.Automation.SignatureStatus]::Valid) {
            $id = 'RollcallSignerNotValid'
            $message = "The file must be signed by $CommonName, and its signature is $($signature.Status): $($signature.StatusMessage)"
        }
        else {
            $certificate = $signature.SignerCertificate
            $name = $certificate.GetNameInfo([System.Security.Cryptography.X509Certificates.X509NameType]::SimpleName, $false)
            $named = $certificate.Subject -match '(^|, )CN='
            if (-not $named -or -not [string]::Equals($name, $CommonName, [StringComparison]::Ordinal)) {
                $id = 'RollcallSignerOther'
                $message = "The file must be signed by $CommonName, and it is signed by $name."
            }
        }
        if ($id) {
            $failure = [System.Management.Automation.ErrorRecord]::new(
                [System.Security.SecurityException]::new($message), $id, [System.Management.Automation.ErrorCategory]::SecurityError, $Path)
        }
    }
    catch {
        $failure = [System.Management.Automation.ErrorRecord]::new(
            $_.Exception, 'RollcallSignerFailed', [System.Management.Automation.ErrorCategory]::ReadError, $Path)
    }
    if ($null -ne $failure) { $PSCmdlet.WriteError($failure) }
}
