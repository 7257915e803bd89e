"""Why something that tshark knows is not in the inventory: by the beginning of the capture's name and the sort of thing."""

MIRROR = "the outer end of a tunnel whose frames only went one way: the mirror itself, which is no part of the plant (wire/tunnels.py)"
FUZZED = "a fuzzed frame: its header is wrong, and what stands in it is nobody"
LISP = "stands inside a LISP tunnel (RFC 9300), which otwatch does not open"
MADE_UP = "outer ends of VXLAN and GENEVE tunnels with one frame each (the mirror itself), and targets of ICMP errors, never seen otherwise"
FORGED = "the frame is from another MAC than its ARP says (frames 245, 246), or the outer end of such a tunnel"
NO_SERVICE = "a frame of a kind that otwatch cannot read: what is inside has no known type"
PASSES_ON = "a router's MAC, which passes on what somebody else says"
WORKGROUP = "the name of a group of machines, which the master browser announces beside its own"
NOT_TLS_ITSELF = "the hello stands inside another protocol (CONNECT, STARTTLS, RDP, PPP), which says nothing more from there on"
NO_VERSION = "of several lines of software that which names the version is kept, and maker, model and version are read in it"

REASONS: dict[tuple[str, str], str] = {
    ("link/flowlab-", "sender"): MIRROR,
    ("link/flowlab-", "address"): MIRROR,
    ("link/suricata-vxlan", "address"): MIRROR,
    ("link/suricata-vxlan", "mac"): MIRROR,
    ("link/tcpdump-erspan", "sender"): MIRROR,
    ("link/tcpdump-erspan", "address"): MIRROR,
    ("link/zeek-erspan", "sender"): MIRROR,
    ("link/zeek-erspan", "address"): MIRROR,
    ("link/zeek-erspan", "mac"): MIRROR,
    ("link/tcpdump-wccp", "mac"): PASSES_ON,
    ("link/zeek-pbb", "sender"): NO_SERVICE,
    ("link/zeek-pbb", "mac"): PASSES_ON,
    ("link/zeek-gre-aruba", "address"): NO_SERVICE,
    ("link/zeek-gtp_control_prime", "address"): "quoted by an ICMP error inside a GTP tunnel",
    ("link/zeek-pdp_ctx", "address"): "quoted by an ICMP error inside a GTP tunnel",
    ("link/pcapplusplus-GrePackets", "sender"): MIRROR,
    ("link/pcapplusplus-GrePackets", "address"): MIRROR,
    ("link/pcapplusplus-ipv6", "sender"): LISP,
    ("link/pcapplusplus-ipv6", "address"): LISP,
    ("link/arkime-mpls", "cdp.software_version"): NO_VERSION,
    ("link/ndpi-dlt_ppp", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("attack/malcolm-multiport", "address"): "quoted by an ICMP error, and never seen otherwise",
    ("knx/", "knxip.knxaddr"): "an address that the interface keeps for one more tunnel, which nobody opened",
    ("l2/ndpi-sflow", "address"): "stands in the samples of sFlow, which otwatch does not read",
    ("l2/zeek-cdp", "cdp.software_version"): NO_VERSION,
    ("bsap/", "cdp.software_version"): NO_VERSION,
    ("enip/iti-EIP", "cdp.software_version"): NO_VERSION,
    ("beckhoff/", "browser.server"): WORKGROUP,
    ("melsec/", "browser.server"): WORKGROUP,
    ("modbus/lemay-send", "browser.server"): WORKGROUP,
    ("profinet/", "browser.server"): WORKGROUP,
    ("profinet/", "pn_dcp.suboption_device_nameofstation"): "stations that are looked for by their names and never answer",
    ("dhcp/", "dhcp.hw.mac_addr"): "says nothing of itself but its MAC, and gets no address",
    ("dhcp/zeek-dhcp.pcap", "dhcp.option.vendor_class_id"): "stands in the offer of the server: it is what the client was taken for",
    ("http/zeek-connect", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("ldap/zeek-ldap-starttls", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("it/ndpi-smtp-starttls", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("vnc/ndpi-rdp2", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("http/zeek-get-to-ssh", "ssh.protocol"): "the answer of an SSH server to a request of HTTP: the conversation is HTTP's",
    ("mdns/", "dns.ptr.domain_name"): "a known answer in somebody's question: what he has heard, maybe long ago",
    ("mdns/", "dns.srv.target"): "a probe asks whether the name is free (RFC 6762 8.1): nobody has it yet",
    ("mixed/markofu", "dns.ptr.domain_name"): "an instance of BitTorrent, which is no service of a machine",
    ("rtsp/", "mac"): "captured on both sides of a router, with both MACs",
    ("s7/", "s7comm.szl.xy11.0001.anz"): "the boot loader is a part of the module, whose order number is kept",
    ("sip/", "sip.Server"): "the answer to an INVITE may come from behind the proxy that sends it (dissectors/sip.py)",
    ("sip/goffinet", "sip.User-Agent"): "passed on by a proxy: two Via fields",
    ("malformed/", "sender"): FUZZED,
    ("malformed/", "address"): FUZZED,
    ("malformed/", "mac"): FUZZED,
    ("malformed/", "sip.Server"): FUZZED,
    ("malformed/", "sip.User-Agent"): FUZZED,
    ("malformed/ndpi-fuzz-2006-06-26-2594", "dhcp.hw.mac_addr"): FUZZED,
    ("malformed/ndpi-fuzz-2006-06-26-2594", "dhcp.option.vendor_class_id"): FUZZED,
    ("malformed/ndpi-fuzz-2006-06-26-2594", "dhcp.option.hostname"): "the client's MAC was changed into one of a group, which has no name",
    ("malformed/ndpi-http_invalid_server", "http.server"): "no text in any encoding: its bytes stand in the inventory as \\x..",
    ("mixed/arkime-arkime_synthetic", "sender"): FORGED,
    ("mixed/arkime-arkime_synthetic", "address"): MADE_UP,
    ("mixed/arkime-arkime_synthetic", "mac"): FORGED,
    ("mixed/arkime-arkime_synthetic", "tls.handshake.extensions_server_name"): NOT_TLS_ITSELF,
    ("mixed/arkime-arkime_synthetic", "enip.list_identity"): "the vendor number is not assigned: tshark writes Unknown, otwatch the number",
}


def reason(name: str, what: str) -> str:
    return next((text for (beginning, sort), text in REASONS.items() if name.startswith(beginning) and sort == what), "")
