locals {
  # Example: {"workers-0" = "198.51.100.7"}
  floating_ip_of_node = { for name, node in var.floating_ips : node => openstack_networking_floatingip_v2.this[name].address }
}

# Ports and floating IPs are there before the servers, and stay when a server is replaced: a node's certificates and
# its user-data name its addresses. Port security is what the network says; only its owner may set it on a port.
resource "openstack_networking_port_v2" "this" {
  for_each           = var.nodes
  name               = "${var.bay_name}-${each.key}"
  network_id         = var.network_id
  admin_state_up     = true
  security_group_ids = [var.security_group_id]
  tags               = var.tags

  fixed_ip {
    subnet_id  = var.subnet_id
    ip_address = each.value.fixed_ip
  }
}

resource "openstack_networking_floatingip_v2" "this" {
  for_each    = var.floating_ips
  description = "${var.bay_name}-${each.key}"
  pool        = var.floating_ip_pool
  port_id     = openstack_networking_port_v2.this[each.value].id
  tags        = var.tags

  lifecycle {
    precondition {
      condition     = var.floating_ip_pool != null
      error_message = "A floating IP for the node ${each.value} needs an external network that it can come from."
    }
  }
}
