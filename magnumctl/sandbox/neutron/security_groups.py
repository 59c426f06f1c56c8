from __future__ import annotations

import ipaddress

from magnumctl.sandbox.neutron import bodies, listing
from magnumctl.sandbox.neutron.records import SecurityGroup, SecurityGroupRule
from magnumctl.sandbox.neutron.refusals import bad_request, conflict, invalid, not_found
from magnumctl.sandbox.store import Cloud
from magnumctl.sandbox.wire import Call, Caller, Json, Reply, empty, subset

_GROUP_KEYS = frozenset({"name", "description", "stateful"})
_RULE_FIELDS = (
    "security_group_id",
    "direction",
    "ethertype",
    "protocol",
    "port_range_min",
    "port_range_max",
    "remote_ip_prefix",
    "remote_group_id",
    "remote_address_group_id",
    "description",
)
_PROTOCOLS = (
    "any",
    "ah",
    "dccp",
    "egp",
    "esp",
    "gre",
    "hopopt",
    "icmp",
    "igmp",
    "ip",
    "ipip",
    "ipv6-encap",
    "ipv6-frag",
    "ipv6-icmp",
    "icmpv6",
    "ipv6-nonxt",
    "ipv6-opts",
    "ipv6-route",
    "ospf",
    "pgm",
    "rsvp",
    "sctp",
    "tcp",
    "udp",
    "udplite",
    "vrrp",
)
_WITH_PORTS = ("tcp", "udp", "sctp", "udplite", "dccp", "6", "17")
_HIGHEST_PORT = 65535


def default_of(cloud: Cloud, project_id: str) -> SecurityGroup:
    """Made when first needed; it never counts as a failure of quota."""
    for group in cloud.neutron.security_groups.values():
        if group.project_id == project_id and group.name == "default":
            return group
    group = SecurityGroup(project_id, "default", "Default security group")
    cloud.neutron.security_groups[group.id] = group
    for ethertype in ("IPv4", "IPv6"):
        _egress(cloud, group, ethertype)
        _keep(
            cloud,
            SecurityGroupRule(project_id, security_group_id=group.id, ethertype=ethertype, remote_group_id=group.id),
        )
    return group


def _egress(cloud: Cloud, group: SecurityGroup, ethertype: str) -> None:
    _keep(
        cloud, SecurityGroupRule(group.project_id, security_group_id=group.id, direction="egress", ethertype=ethertype)
    )


def _keep(cloud: Cloud, rule: SecurityGroupRule) -> SecurityGroupRule:
    cloud.neutron.security_group_rules[rule.id] = rule
    return rule


def found(cloud: Cloud, group_id: str, caller: Caller) -> SecurityGroup:
    group = cloud.neutron.security_groups.get(group_id)
    if group is None or not caller.owns(group.project_id):
        raise not_found("SecurityGroup", group_id)
    return group


def list_groups(cloud: Cloud, call: Call) -> Reply:
    if call.caller.project_id:
        default_of(cloud, call.caller.project_id)
    mine = [it for it in cloud.neutron.security_groups.values() if call.caller.owns(it.project_id)]
    return listing.answer(
        "security_groups", [bodies.security_group(cloud.neutron, it, call.caller) for it in mine], call
    )


def show_group(cloud: Cloud, call: Call) -> Reply:
    return _shown(cloud, found(cloud, call.part("id"), call.caller), call)


def _shown(cloud: Cloud, group: SecurityGroup, call: Call) -> Reply:
    return listing.one("security_group", bodies.security_group(cloud.neutron, group, call.caller), call)


def create_group(cloud: Cloud, call: Call) -> Reply:
    made = [_made(cloud, call, wish) for wish in listing.wishes(call, "security_group", "security_groups", _GROUP_KEYS)]
    rows = [bodies.security_group(cloud.neutron, it, call.caller) for it in made]
    return listing.created("security_group", "security_groups", rows, call)


def _made(cloud: Cloud, call: Call, wish: Json) -> SecurityGroup:
    owner = listing.owner(call, wish)
    default_of(cloud, owner)
    if wish.get("name") == "default":
        raise conflict("Default security group already exists.", "SecurityGroupDefaultAlreadyExists")
    listing.within_quota(cloud, "security_group", cloud.neutron.security_groups.values(), owner)
    group = SecurityGroup(owner, **subset(wish, ("name", "description", "stateful")))
    cloud.neutron.security_groups[group.id] = group
    for ethertype in ("IPv4", "IPv6"):
        _egress(cloud, group, ethertype)
    return group


def update_group(cloud: Cloud, call: Call) -> Reply:
    group = found(cloud, call.part("id"), call.caller)
    wish = call.resource("security_group")
    listing.check(wish, _GROUP_KEYS)
    if group.name == "default" and wish.get("name", "default") != "default":
        raise conflict("Updating default security group not allowed.", "SecurityGroupCannotUpdateDefault")
    group.name = wish.get("name", group.name)
    group.description = wish.get("description", group.description)
    group.touch()
    return _shown(cloud, group, call)


def delete_group(cloud: Cloud, call: Call) -> Reply:
    group = found(cloud, call.part("id"), call.caller)
    if any(group.id in port.security_groups for port in cloud.neutron.ports.values()):
        raise conflict(f"Security Group {group.id} in use.", "SecurityGroupInUse")
    if group.name == "default" and not call.caller.is_admin:
        raise conflict("Insufficient rights for removing default security group.", "SecurityGroupCannotRemoveDefault")
    rules = cloud.neutron.security_group_rules
    for rule in [rule for rule in rules.values() if group.id in {rule.security_group_id, rule.remote_group_id}]:
        del rules[rule.id]
    del cloud.neutron.security_groups[group.id]
    return empty()


def _found_rule(cloud: Cloud, call: Call) -> SecurityGroupRule:
    rule = cloud.neutron.security_group_rules.get(call.part("id"))
    if rule is None or not call.caller.owns(rule.project_id):
        raise not_found("SecurityGroupRule", call.part("id"))
    return rule


def list_rules(cloud: Cloud, call: Call) -> Reply:
    mine = [it for it in cloud.neutron.security_group_rules.values() if call.caller.owns(it.project_id)]
    return listing.answer(
        "security_group_rules", [bodies.security_group_rule(cloud.neutron, it, call.caller) for it in mine], call
    )


def show_rule(cloud: Cloud, call: Call) -> Reply:
    return listing.one(
        "security_group_rule", bodies.security_group_rule(cloud.neutron, _found_rule(cloud, call), call.caller), call
    )


def create_rule(cloud: Cloud, call: Call) -> Reply:
    wishes = listing.wishes(call, "security_group_rule", "security_group_rules", frozenset(_RULE_FIELDS))
    rows = [bodies.security_group_rule(cloud.neutron, _made_rule(cloud, call, wish), call.caller) for wish in wishes]
    return listing.created("security_group_rule", "security_group_rules", rows, call)


def _made_rule(cloud: Cloud, call: Call, wish: Json) -> SecurityGroupRule:
    group = found(cloud, str(wish.get("security_group_id", "")), call.caller)
    if wish.get("remote_group_id"):
        found(cloud, wish["remote_group_id"], call.caller)
    listing.within_quota(cloud, "security_group_rule", cloud.neutron.security_group_rules.values(), group.project_id)
    given = {name: value for name, value in subset(wish, _RULE_FIELDS).items() if value not in {None, ""}}
    rule = SecurityGroupRule(group.project_id, **given)
    _valid(rule)
    for other in cloud.neutron.rules_of(group.id):
        if other.meaning() == rule.meaning():
            raise conflict(f"Security group rule already exists. Rule id is {other.id}.", "SecurityGroupRuleExists")
    group.touch()
    return _keep(cloud, rule)


def _valid(rule: SecurityGroupRule) -> None:
    if rule.direction not in {"ingress", "egress"}:
        raise invalid(f"'{rule.direction}' is not in ['ingress', 'egress']")
    if rule.remote_ip_prefix and rule.remote_group_id:
        raise bad_request(
            "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
            "SecurityGroupMultipleRemoteEntites",
        )
    rule.protocol = _protocol(rule.protocol)
    if rule.remote_ip_prefix:
        rule.remote_ip_prefix = _prefix(rule)
    _ports(rule)


def _protocol(protocol: str | None) -> str | None:
    if protocol is None or str(protocol).lower() in {"any", "0"}:
        return None
    word = str(protocol).lower()
    if word in _PROTOCOLS or (word.isdigit() and int(word) < 256):  # noqa: PLR2004 - IANA protocol numbers are a byte
        return word
    raise bad_request(
        f"Security group rule protocol {protocol} not supported. Only protocol values "
        f"{(None, *_PROTOCOLS)} and integer representations [0 to 255] are supported.",
        "SecurityGroupRuleInvalidProtocol",
    )


def _prefix(rule: SecurityGroupRule) -> str:
    try:
        prefix = ipaddress.ip_network(str(rule.remote_ip_prefix), strict=False)
    except ValueError as exc:
        raise invalid(f"'{rule.remote_ip_prefix}' is not a valid IP subnet") from exc
    if f"IPv{prefix.version}" != rule.ethertype:
        raise bad_request(
            f"Conflicting value ethertype {rule.ethertype} for CIDR {prefix}", "SecurityGroupRuleParameterConflict"
        )
    return str(rule.remote_ip_prefix)


def _ports(rule: SecurityGroupRule) -> None:
    low, high = rule.port_range_min, rule.port_range_max
    if low is None and high is None:
        return
    if rule.protocol is None:
        raise bad_request(
            "Must also specify protocol if port range is given.", "SecurityGroupProtocolRequiredWithPorts"
        )
    if rule.protocol in _WITH_PORTS:
        if low is None or high is None or low > high:
            raise bad_request(
                "For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange"
            )
        if (low, high) == (1, _HIGHEST_PORT):
            rule.port_range_min = rule.port_range_max = None
            return
        if high > _HIGHEST_PORT or low < 0:
            raise bad_request(f"Invalid value for port {high}", "SecurityGroupInvalidPortValue")


def delete_rule(cloud: Cloud, call: Call) -> Reply:
    rule = _found_rule(cloud, call)
    del cloud.neutron.security_group_rules[rule.id]
    cloud.neutron.security_groups[rule.security_group_id].touch()
    return empty()
