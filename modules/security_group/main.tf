locals {
  # Example: {"api-203.0.113.0/24" = {description = "API", protocol = "tcp", port_min = 6443, ..., cidr = "203.0.113.0/24"}}
  api = {
    for cidr in var.api.allowed_cidrs : "api-${cidr}" => {
      description = "API"
      protocol    = "tcp"
      port_min    = var.api.port
      port_max    = var.api.port
      cidr        = cidr
    }
  }

  bay = {
    bay = { description = "Between the nodes", protocol = "any", port_min = 0, port_max = 0, cidr = null }
  }

  further = {
    for name, rule in var.rules : name => {
      description = rule.description
      protocol    = rule.protocol
      port_min    = rule.port_min
      port_max    = rule.port_max
      cidr        = { bay = null, subnet = var.subnet_cidr, cidr = try(cidrsubnet(rule.remote_cidr, 0, 0), null) }[rule.remote]
    }
  }
}

# Neutron's own rules of a new group stay: everything out, nothing in.
resource "openstack_networking_secgroup_v2" "this" {
  name        = var.bay_name
  description = "Nodes of the bay ${var.bay_name}"
  tags        = var.tags
}

resource "openstack_networking_secgroup_rule_v2" "ingress" {
  for_each          = merge(local.bay, local.api, local.further)
  security_group_id = openstack_networking_secgroup_v2.this.id
  direction         = "ingress"
  description       = each.value.description
  ethertype         = strcontains(coalesce(each.value.cidr, var.subnet_cidr), ":") ? "IPv6" : "IPv4"
  protocol          = each.value.protocol == "any" ? null : each.value.protocol
  port_range_min    = each.value.protocol == "any" ? null : each.value.port_min
  port_range_max    = each.value.protocol == "any" ? null : each.value.port_max
  remote_ip_prefix  = each.value.cidr
  remote_group_id   = each.value.cidr == null ? openstack_networking_secgroup_v2.this.id : null
}
