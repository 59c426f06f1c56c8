output "nodes" {
  description = "The nodes of the group by name: server id, server name, group, role, the address where clients reach it, and its fixed IP."
  value = {
    for name, server in openstack_compute_instance_v2.this : name => {
      id       = server.id
      name     = server.name
      group    = var.name
      role     = var.node_group.role
      address  = var.ports[name].address
      fixed_ip = var.ports[name].fixed_ip
    }
  }
}
