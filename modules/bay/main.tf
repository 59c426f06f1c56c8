locals {
  tags = ["magnumctl:${var.bay.uuid}"]

  # Example: {"control-plane-0" = {fixed_ip = null, availability_zone = null, digest = "..."}, "workers-0" = {...}}
  nodes         = merge([for group in var.node_groups : group.nodes]...)
  control_plane = merge([for group in var.node_groups : group.nodes if group.role == "control_plane"]...)

  # The node whose address is the API's where no load balancer stands before it; a docker bay has no such node.
  first = try(sort(keys(local.control_plane))[0], null)

  # Each node of a docker bay has an API of its own. Example: {"workers-0" = "workers-0"}; on kubernetes {"api" = "control-plane-0"}
  node_floating_ips = var.bay.coe == "docker" ? { for name in keys(local.nodes) : name => name } : { for name in local.first[*] : "api" => name }

  load_balancers = toset(var.api.endpoint == "load-balancer" ? ["api"] : [])

  # Nodes come to the load balancer, and the load balancer to the nodes, from addresses of their subnet. Ranges are
  # written as Neutron writes them (203.0.113.7/24 is 203.0.113.0/24): it would refuse the second of two that are equal.
  internal_cidrs = var.api.endpoint == "load-balancer" ? [module.network.subnet_cidr] : []
  allowed_cidrs  = distinct([for cidr in concat(var.api.allowed_cidrs, local.internal_cidrs) : cidrsubnet(cidr, 0, 0)])

  # Octavia refuses a range of another IP version than the virtual IP's, which nothing from there could reach.
  listener_cidrs = [for cidr in local.allowed_cidrs : cidr if strcontains(cidr, ":") == strcontains(module.network.subnet_cidr, ":")]

  api_address = one(concat(
    values(module.load_balancer)[*].address,
    [for name, port in module.port.ports : port.address if name == local.first && var.api.endpoint != "load-balancer"],
  ))
  internal_api_address = one(concat(
    values(module.load_balancer)[*].vip_address,
    [for name, port in module.port.ports : port.fixed_ip if name == local.first && var.api.endpoint != "load-balancer"],
  ))
}

module "network" {
  source   = "../network"
  bay_name = var.bay.name
  network  = var.network
  tags     = local.tags
}

module "security_group" {
  source      = "../security_group"
  bay_name    = var.bay.name
  subnet_cidr = module.network.subnet_cidr
  api         = { port = var.api.port, allowed_cidrs = local.allowed_cidrs }
  rules       = var.rules
  tags        = local.tags
}

module "port" {
  source            = "../port"
  bay_name          = var.bay.name
  network_id        = module.network.network_id
  subnet_id         = module.network.subnet_id
  security_group_id = module.security_group.security_group_id
  nodes             = local.nodes
  floating_ips      = var.api.endpoint == "floating-ip" ? local.node_floating_ips : {}
  floating_ip_pool  = module.network.floating_ip_pool
  tags              = local.tags
}

module "load_balancer" {
  source           = "../load_balancer"
  for_each         = local.load_balancers
  bay_name         = var.bay.name
  subnet_id        = module.network.subnet_id
  port             = var.api.port
  allowed_cidrs    = local.listener_cidrs
  members          = { for name in keys(local.control_plane) : name => module.port.ports[name].fixed_ip }
  floating_ip_pool = module.network.floating_ip_pool
  tags             = local.tags
}

module "node_group" {
  source     = "../node_group"
  for_each   = var.node_groups
  bay        = var.bay
  name       = each.key
  node_group = each.value
  ports      = module.port.ports
  api        = { address = coalesce(local.api_address, "none"), internal_address = coalesce(local.internal_api_address, "none") }
  user_data  = var.user_data
  tags       = local.tags
}
