output "network_id" {
  description = "The network that the nodes are on."
  value       = one(concat(values(openstack_networking_network_v2.this), values(data.openstack_networking_network_v2.existing))[*].id)
}

output "subnet_id" {
  description = "The subnet that the nodes' fixed IPs come from."
  value       = one(concat(values(openstack_networking_subnet_v2.this), values(data.openstack_networking_subnet_v2.existing))[*].id)

  # Neutron refuses a floating IP on a port whose subnet no router joins to the external network, a node that boots
  # before there is a way out cannot fetch anything, and a router interface cannot go while a floating IP needs it.
  depends_on = [openstack_networking_router_interface_v2.this]
}

output "subnet_cidr" {
  description = "The IP range of that subnet."
  value       = coalesce(var.network.cidr, one(values(data.openstack_networking_subnet_v2.existing)[*].cidr))
}

output "router_id" {
  description = "The router between the network and the external network; null when there is none, or it is the user's."
  value       = one(values(openstack_networking_router_v2.this)[*].id)
}

output "floating_ip_pool" {
  description = "Name of the external network, which floating IPs come from; null when the bay has none."
  value       = one(values(data.openstack_networking_network_v2.external)[*].name)
}
