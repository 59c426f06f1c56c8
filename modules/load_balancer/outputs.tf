output "address" {
  description = "Where clients reach the API: the floating IP, or the virtual IP when there is none."
  value       = one(concat(values(openstack_networking_floatingip_v2.this)[*].address, var.floating_ip_pool == null ? [openstack_lb_loadbalancer_v2.this.vip_address] : []))
}

output "vip_address" {
  description = "Where the nodes reach the API: the virtual IP in their own subnet."
  value       = openstack_lb_loadbalancer_v2.this.vip_address
}
