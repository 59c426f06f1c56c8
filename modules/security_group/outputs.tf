output "security_group_id" {
  description = "The security group of the bay's nodes."
  value       = openstack_networking_secgroup_v2.this.id
}
