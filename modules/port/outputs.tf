output "ports" {
  description = "Port of each node: its id, its fixed IP, and the address where clients reach it (the floating IP where there is one)."
  value = {
    for name, port in openstack_networking_port_v2.this : name => {
      id       = port.id
      fixed_ip = port.all_fixed_ips[0]
      address  = lookup(local.floating_ip_of_node, name, port.all_fixed_ips[0])
    }
  }
}
