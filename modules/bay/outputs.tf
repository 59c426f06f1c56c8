output "api_address" {
  description = "Where clients reach the bay's API; empty for a docker bay, whose nodes have one each."
  value       = local.api_address == null ? "" : local.api_address

  precondition {
    condition     = var.bay.coe != "kubernetes" || local.first != null
    error_message = "A kubernetes bay needs a node group with the role control_plane and a node in it."
  }

  precondition {
    condition     = var.api.endpoint != "load-balancer" || var.bay.coe == "kubernetes"
    error_message = "api.endpoint load-balancer is for kubernetes bays; each node of a docker bay has an API of its own."
  }
}

output "nodes" {
  description = "The bay's nodes by name: server id, server name, group, role, the address where clients reach it, and its fixed IP."
  value       = merge(values(module.node_group)[*].nodes...)
}

output "network" {
  description = "The network and subnet that the nodes are on, and the router if this bay has one of its own."
  value = {
    network_id = module.network.network_id
    subnet_id  = module.network.subnet_id
    router_id  = module.network.router_id
  }
}

output "security_group_id" {
  description = "The security group of the bay's nodes."
  value       = module.security_group.security_group_id
}

output "record" {
  description = "What a ledger knows of the bay, its secrets sealed."
  value       = var.record
  sensitive   = true
}
