mock_provider "openstack" {
  mock_resource "openstack_lb_loadbalancer_v2" {
    defaults = { vip_address = "10.20.0.4", vip_port_id = "port-1" }
  }
  mock_resource "openstack_networking_floatingip_v2" {
    defaults = { address = "198.51.100.4" }
  }
}

variables {
  bay_name         = "web"
  subnet_id        = "subnet-1"
  port             = 6443
  allowed_cidrs    = ["203.0.113.0/24", "10.20.0.0/24"]
  members          = { control-plane-0 = "10.20.0.7", control-plane-1 = "10.20.0.8", control-plane-2 = "10.20.0.9" }
  floating_ip_pool = "public"
  tags             = ["magnumctl:0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"]
}

run "each_control_plane_node_is_a_member" {
  assert {
    condition     = { for name, member in openstack_lb_member_v2.control_plane : name => "${member.address}:${member.protocol_port}" } == { for name, address in var.members : name => "${address}:6443" }
    error_message = "The members must be the control plane nodes at the API's port."
  }
  assert {
    condition     = openstack_lb_listener_v2.this.allowed_cidrs == tolist(["10.20.0.0/24", "203.0.113.0/24"])
    error_message = "The allowed ranges must be in the order in which Octavia gives them back."
  }
}

run "clients_come_by_the_floating_ip_and_nodes_by_the_virtual_ip" {
  assert {
    condition     = output.address == "198.51.100.4" && output.vip_address == "10.20.0.4"
    error_message = "Not the addresses expected: ${output.address}, ${output.vip_address}."
  }
  assert {
    condition     = openstack_networking_floatingip_v2.this["api"].port_id == "port-1"
    error_message = "The floating IP must lead to the virtual IP's port."
  }
}

run "without_an_external_network_it_stays_inside" {
  variables {
    floating_ip_pool = null
  }
  assert {
    condition     = output.address == "10.20.0.4" && length(openstack_networking_floatingip_v2.this) == 0
    error_message = "Clients must come by the virtual IP, not ${output.address}."
  }
}

run "an_empty_list_would_let_everybody_in" {
  command = plan
  variables {
    allowed_cidrs = []
  }
  expect_failures = [var.allowed_cidrs]
}
