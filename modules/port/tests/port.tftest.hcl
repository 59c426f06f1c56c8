mock_provider "openstack" {
  mock_resource "openstack_networking_port_v2" {
    defaults = { all_fixed_ips = ["10.20.0.7"] }
  }
  mock_resource "openstack_networking_floatingip_v2" {
    defaults = { address = "198.51.100.7" }
  }
}

variables {
  bay_name          = "edge"
  network_id        = "net-1"
  subnet_id         = "subnet-1"
  security_group_id = "group-1"
  nodes             = { workers-0 = {}, workers-1 = { fixed_ip = "10.20.0.9" } }
  floating_ips      = { workers-0 = "workers-0" }
  floating_ip_pool  = "public"
  tags              = ["magnumctl:0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"]
}

run "a_node_is_reached_at_its_floating_ip_or_else_at_its_fixed_ip" {
  assert {
    condition     = { for name, port in output.ports : name => port.address } == { workers-0 = "198.51.100.7", workers-1 = "10.20.0.7" }
    error_message = "Not the addresses expected: ${jsonencode(output.ports)}."
  }
  assert {
    condition     = openstack_networking_floatingip_v2.this["workers-0"].port_id == output.ports["workers-0"].id
    error_message = "The floating IP must lead to the node's port."
  }
}

run "ports_have_the_bays_security_group_and_the_fixed_ip_asked_for" {
  assert {
    condition     = alltrue([for port in openstack_networking_port_v2.this : port.security_group_ids == toset(["group-1"]) && port.tags == toset(var.tags)])
    error_message = "Each port has the bay's security group and tags."
  }
  assert {
    condition     = openstack_networking_port_v2.this["workers-1"].fixed_ip[0].ip_address == "10.20.0.9"
    error_message = "The fixed IP asked for was not passed on."
  }
}

run "a_private_bay_has_no_floating_ip" {
  variables {
    floating_ips     = {}
    floating_ip_pool = null
  }
  assert {
    condition     = length(openstack_networking_floatingip_v2.this) == 0
    error_message = "A floating IP was made that nobody asked for."
  }
}

run "a_floating_ip_needs_an_external_network" {
  command = plan
  variables {
    floating_ip_pool = null
  }
  expect_failures = [openstack_networking_floatingip_v2.this["workers-0"]]
}

run "a_node_has_one_floating_ip" {
  command = plan
  variables {
    floating_ips = { api = "workers-0", other = "workers-0" }
  }
  expect_failures = [var.floating_ips]
}
