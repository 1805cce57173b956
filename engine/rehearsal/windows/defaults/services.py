"""Services of a fresh Windows: the ones that administrators meet, with their real start types."""

from __future__ import annotations

from engine.rehearsal.windows.image import Service

# One line each: name | display name | start | state | needs | executable | account
# Start: a automatic, d automatic (delayed start), m manual, x disabled, b boot. State: r running, s stopped,
# R running and cannot be stopped.
_COMMON = r"""
AppIDSvc|Application Identity|m|s|RpcSs,AppID,CryptSvc|svchost.exe -k LocalServiceNetworkRestricted -p|NT Authority\LocalService
Appinfo|Application Information|m|r|RpcSs,ProfSvc|svchost.exe -k netsvcs -p|LocalSystem
AppMgmt|Application Management|m|s||svchost.exe -k netsvcs -p|LocalSystem
Audiosrv|Windows Audio|m|s|AudioEndpointBuilder,RpcSs|svchost.exe -k LocalServiceNetworkRestricted -p|NT AUTHORITY\LocalService
AudioEndpointBuilder|Windows Audio Endpoint Builder|m|s||svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
BFE|Base Filtering Engine|a|R|RpcSs|svchost.exe -k LocalServiceNoNetworkFirewall -p|NT AUTHORITY\LocalService
BITS|Background Intelligent Transfer Service|m|s|RpcSs|svchost.exe -k netsvcs -p|LocalSystem
BrokerInfrastructure|Background Tasks Infrastructure Service|a|R|RpcEptMapper,DcomLaunch,RpcSs|svchost.exe -k DcomLaunch -p|LocalSystem
CertPropSvc|Certificate Propagation|m|r|RpcSs|svchost.exe -k netsvcs|LocalSystem
CryptSvc|Cryptographic Services|a|r|RpcSs|svchost.exe -k NetworkService -p|NT Authority\NetworkService
DcomLaunch|DCOM Server Process Launcher|a|R||svchost.exe -k DcomLaunch -p|LocalSystem
Dhcp|DHCP Client|a|r|NSI,Afd|svchost.exe -k LocalServiceNetworkRestricted -p|NT Authority\LocalService
DiagTrack|Connected User Experiences and Telemetry|a|r|RpcSs|svchost.exe -k utcsvc -p|LocalSystem
Dnscache|DNS Client|a|R|nsi,Afd|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
DPS|Diagnostic Policy Service|a|r||svchost.exe -k LocalServiceNoNetwork -p|NT AUTHORITY\LocalService
EventLog|Windows Event Log|a|r||svchost.exe -k LocalServiceNetworkRestricted -p|NT AUTHORITY\LocalService
EventSystem|COM+ Event System|a|r|rpcss|svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
FontCache|Windows Font Cache Service|a|r||svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
gpsvc|Group Policy Client|a|R|RpcSs,Mup|svchost.exe -k netsvcs -p|LocalSystem
IKEEXT|IKE and AuthIP IPsec Keying Modules|m|s|BFE,nsi|svchost.exe -k netsvcs -p|LocalSystem
iphlpsvc|IP Helper|a|r|RpcSS,winmgmt,tcpip,nsi|svchost.exe -k NetSvcs -p|LocalSystem
KeyIso|CNG Key Isolation|m|r|RpcSs|lsass.exe|LocalSystem
LanmanServer|Server|a|r|SamSS,Srv2|svchost.exe -k smbsvcs|LocalSystem
LanmanWorkstation|Workstation|a|r|Bowser,MRxSmb20,NSI|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
lfsvc|Geolocation Service|m|s|RpcSs|svchost.exe -k netsvcs -p|LocalSystem
lmhosts|TCP/IP NetBIOS Helper|m|r|Afd|svchost.exe -k LocalServiceNetworkRestricted -p|NT AUTHORITY\LocalService
LSM|Local Session Manager|a|R|RpcEptMapper,DcomLaunch,RpcSs|svchost.exe -k DcomLaunch -p|LocalSystem
MapsBroker|Downloaded Maps Manager|d|s|rpcss|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
mpssvc|Windows Defender Firewall|a|R|mpsdrv,bfe|svchost.exe -k LocalServiceNoNetworkFirewall -p|NT Authority\LocalService
MSDTC|Distributed Transaction Coordinator|d|r|RPCSS,SamSS|msdtc.exe|NT AUTHORITY\NetworkService
MSiSCSI|Microsoft iSCSI Initiator Service|m|s||svchost.exe -k netsvcs -p|LocalSystem
msiserver|Windows Installer|m|s|rpcss|msiexec.exe /V|LocalSystem
Netlogon|Netlogon|a|r|LanmanWorkstation|lsass.exe|LocalSystem
Netman|Network Connections|m|r|RpcSs,nsi|svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
netprofm|Network List Service|m|r|RpcSs,nlasvc|svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
NlaSvc|Network Location Awareness|a|r|NSI,RpcSs,TcpIp,Dhcp,Eventlog|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
nsi|Network Store Interface Service|a|r|rpcss,nsiproxy|svchost.exe -k LocalService -p|NT Authority\LocalService
PcaSvc|Program Compatibility Assistant Service|a|r|RpcSs|svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
PlugPlay|Plug and Play|m|R||svchost.exe -k DcomLaunch -p|LocalSystem
Power|Power|a|R||svchost.exe -k DcomLaunch -p|LocalSystem
ProfSvc|User Profile Service|a|R|RpcSs|svchost.exe -k netsvcs -p|LocalSystem
RasMan|Remote Access Connection Manager|m|s|SstpSvc,DnsCache|svchost.exe -k netsvcs|localSystem
RemoteAccess|Routing and Remote Access|x|s|RpcSS,Bfe,RasMan,Http|svchost.exe -k netsvcs|localSystem
RpcEptMapper|RPC Endpoint Mapper|a|R||svchost.exe -k RPCSS -p|NT AUTHORITY\NetworkService
RpcSs|Remote Procedure Call (RPC)|a|R|RpcEptMapper,DcomLaunch|svchost.exe -k rpcss -p|NT AUTHORITY\NetworkService
SamSs|Security Accounts Manager|a|R|RPCSS|lsass.exe|LocalSystem
Schedule|Task Scheduler|a|R|RPCSS,SystemEventsBroker|svchost.exe -k netsvcs -p|LocalSystem
seclogon|Secondary Logon|m|s||svchost.exe -k netsvcs -p|LocalSystem
SENS|System Event Notification Service|a|r|EventSystem|svchost.exe -k netsvcs -p|LocalSystem
SessionEnv|Remote Desktop Configuration|m|r|RPCSS,LanmanWorkstation|svchost.exe -k netsvcs -p|localSystem
SharedAccess|Internet Connection Sharing (ICS)|m|s|BFE|svchost.exe -k netsvcs -p|LocalSystem
ShellHWDetection|Shell Hardware Detection|a|r|RpcSs|svchost.exe -k netsvcs -p|LocalSystem
Spooler|Print Spooler|a|r|RPCSS,http|spoolsv.exe|LocalSystem
sppsvc|Software Protection|d|r|RpcSs|sppsvc.exe|NT AUTHORITY\NetworkService
SSDPSRV|SSDP Discovery|m|s|HTTP,NSI|svchost.exe -k LocalServiceAndNoImpersonation -p|NT AUTHORITY\LocalService
SstpSvc|Secure Socket Tunneling Protocol Service|m|s||svchost.exe -k LocalService -p|NT Authority\LocalService
StorSvc|Storage Service|d|r||svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
SysMain|SysMain|a|r|rpcss,fileinfo|svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
SystemEventsBroker|System Events Broker|a|R|RpcEptMapper,RpcSs|svchost.exe -k DcomLaunch -p|LocalSystem
TermService|Remote Desktop Services|m|r|RPCSS|svchost.exe -k NetworkService|NT Authority\NetworkService
Themes|Themes|a|r||svchost.exe -k netsvcs -p|LocalSystem
TrkWks|Distributed Link Tracking Client|a|r|RpcSs|svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
TrustedInstaller|Windows Modules Installer|m|s||TrustedInstaller.exe|localSystem
UmRdpService|Remote Desktop Services UserMode Port Redirector|m|r|TermService,RDPDR|svchost.exe -k LocalSystemNetworkRestricted -p|localSystem
upnphost|UPnP Device Host|m|s|SSDPSRV,HTTP|svchost.exe -k LocalServiceAndNoImpersonation -p|NT AUTHORITY\LocalService
UserManager|User Manager|a|r|RpcSs,ProfSvc|svchost.exe -k netsvcs -p|LocalSystem
UsoSvc|Update Orchestrator Service|d|r|rpcss|svchost.exe -k netsvcs -p|LocalSystem
VSS|Volume Shadow Copy|m|s|RPCSS|vssvc.exe|LocalSystem
W32Time|Windows Time|m|r||svchost.exe -k LocalService|NT AUTHORITY\LocalService
WdiServiceHost|Diagnostic Service Host|m|s||svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
WdiSystemHost|Diagnostic System Host|m|s||svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
Wecsvc|Windows Event Collector|m|s|HTTP,Eventlog|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
WerSvc|Windows Error Reporting Service|m|s||svchost.exe -k WerSvcGroup|localSystem
WinDefend|Microsoft Defender Antivirus Service|a|R|RpcSs|MsMpEng.exe|LocalSystem
Winmgmt|Windows Management Instrumentation|a|r|RPCSS|svchost.exe -k netsvcs -p|localSystem
WinRM|Windows Remote Management (WS-Management)|a|r|RPCSS,HTTP|svchost.exe -k NetworkService -p|NT AUTHORITY\NetworkService
WlanSvc|WLAN AutoConfig|m|s|RpcSs,NativeWifiP,Ndisuio,wcmsvc|svchost.exe -k LocalSystemNetworkRestricted -p|LocalSystem
Wcmsvc|Windows Connection Manager|a|r|RpcSs,NSI|svchost.exe -k LocalServiceNetworkRestricted -p|NT Authority\LocalService
WpnService|Windows Push Notifications System Service|a|r|rpcss|svchost.exe -k netsvcs -p|LocalSystem
WSearch|Windows Search|d|r|RPCSS,BrokerInfrastructure|SearchIndexer.exe /Embedding|LocalSystem
wuauserv|Windows Update|m|s|rpcss|svchost.exe -k netsvcs -p|LocalSystem
"""  # noqa: E501 - a table reads best with a service on a line

_SERVER = r"""
ALG|Application Layer Gateway Service|m|s||alg.exe|NT AUTHORITY\LocalService
RSoPProv|Resultant Set of Policy Provider|m|s|RPCSS|RSoPProv.exe|LocalSystem
sacsvr|Special Administration Console Helper|m|s||svchost.exe -k netsvcs|LocalSystem
RemoteRegistry|Remote Registry|a|s|RPCSS|svchost.exe -k localService -p|NT AUTHORITY\LocalService
SNMPTRAP|SNMP Trap|m|s||snmptrap.exe|NT AUTHORITY\LocalService
smphost|Microsoft Storage Spaces SMP|m|s|RPCSS|svchost.exe -k smphost|NT AUTHORITY\NetworkService
srmSvc|File Server Resource Manager|a|r|RpcSs|svchost.exe -k srmsvcs|LocalSystem
"""

_WORKSTATION = r"""
BthServ|Bluetooth Support Service|m|s||svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
DusmSvc|Data Usage|a|r|RpcSs|svchost.exe -k LocalServiceNetworkRestricted -p|NT Authority\LocalService
fdPHost|Function Discovery Provider Host|m|s|RpcSs,http|svchost.exe -k LocalService -p|NT AUTHORITY\LocalService
RemoteRegistry|Remote Registry|x|s|RPCSS|svchost.exe -k localService -p|NT AUTHORITY\LocalService
SecurityHealthService|Windows Security Service|m|R|RpcSs|SecurityHealthService.exe|LocalSystem
wscsvc|Security Center|d|R|RpcSs|svchost.exe -k LocalServiceNetworkRestricted -p|NT AUTHORITY\LocalService
XblAuthManager|Xbox Live Auth Manager|m|s|RpcSs|svchost.exe -k netsvcs -p|LocalSystem
XblGameSave|Xbox Live Game Save|m|s|UserManager,XblAuthManager|svchost.exe -k netsvcs -p|LocalSystem
"""  # noqa: E501 - as above

_STARTS = {"a": "Automatic", "d": "Automatic", "m": "Manual", "x": "Disabled", "b": "Boot"}


def _parse(table: str) -> tuple[Service, ...]:
    return tuple(_service(line) for line in table.strip().splitlines())


def _service(line: str) -> Service:
    name, display, start, state, needs, executable, account = line.split("|")
    fields = {
        "name": name,
        "display_name": display,
        "start_type": _STARTS[start],
        "delayed": start == "d",
        "running": state in "rR",
        "can_stop": state != "R",
        "dependencies": tuple(needs.split(",")) if needs else (),
        "executable": f"C:\\Windows\\system32\\{executable}",
        "account": account,
    }
    return Service.model_validate(fields)


SERVER = _parse(_COMMON + _SERVER.lstrip())
WORKSTATION = _parse(_COMMON + _WORKSTATION.lstrip())
