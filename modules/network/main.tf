locals {
  uuid = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

  # Each set holds one element or none: {"web"} for the network to make, {"public"} for the network to look up.
  new      = toset(var.network.existing == null ? [var.bay_name] : [])
  existing = toset(var.network.existing == null ? [] : [var.network.existing])
  external = toset(var.network.external_network == null ? [] : [var.network.external_network])
  routed   = length(local.external) == 0 ? toset([]) : local.new

  subnet_is_id = can(regex(local.uuid, var.network.subnet))
}

data "openstack_networking_network_v2" "external" {
  for_each   = local.external
  name       = can(regex(local.uuid, each.key)) ? null : each.key
  network_id = can(regex(local.uuid, each.key)) ? each.key : null
  external   = true
}

data "openstack_networking_network_v2" "existing" {
  for_each   = local.existing
  name       = can(regex(local.uuid, each.key)) ? null : each.key
  network_id = can(regex(local.uuid, each.key)) ? each.key : null
}

data "openstack_networking_subnet_v2" "existing" {
  for_each   = local.existing
  network_id = data.openstack_networking_network_v2.existing[each.key].id
  name       = local.subnet_is_id ? null : var.network.subnet
  subnet_id  = local.subnet_is_id ? var.network.subnet : null
}

resource "openstack_networking_network_v2" "this" {
  for_each       = local.new
  name           = each.key
  admin_state_up = true
  tags           = var.tags
}

resource "openstack_networking_subnet_v2" "this" {
  for_each        = local.new
  name            = each.key
  network_id      = openstack_networking_network_v2.this[each.key].id
  cidr            = var.network.cidr
  dns_nameservers = var.network.dns_nameservers
  tags            = var.tags
}

resource "openstack_networking_router_v2" "this" {
  for_each            = local.routed
  name                = each.key
  admin_state_up      = true
  external_network_id = one(values(data.openstack_networking_network_v2.external)).id
  tags                = var.tags
}

resource "openstack_networking_router_interface_v2" "this" {
  for_each  = local.routed
  router_id = openstack_networking_router_v2.this[each.key].id
  subnet_id = openstack_networking_subnet_v2.this[each.key].id
}
