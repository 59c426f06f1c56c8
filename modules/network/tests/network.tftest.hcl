mock_provider "openstack" {
  mock_data "openstack_networking_network_v2" {
    defaults = { id = "net-1" }
  }
  mock_data "openstack_networking_subnet_v2" {
    defaults = { id = "subnet-1", cidr = "192.0.2.0/24" }
  }
}

variables {
  bay_name = "web"
  tags     = ["magnumctl:0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"]
  network  = { cidr = "10.20.0.0/24", external_network = "public", dns_nameservers = ["192.0.2.53"] }
}

run "a_new_network_is_routed_to_the_external_network" {
  assert {
    condition     = keys(openstack_networking_router_interface_v2.this) == ["web"] && output.router_id != null
    error_message = "The router must join the bay's subnet to the external network."
  }
  assert {
    condition     = output.floating_ip_pool == "public" && output.subnet_cidr == "10.20.0.0/24"
    error_message = "Floating IPs come from the external network, by its name."
  }
  assert {
    condition = toset(concat(
      tolist(openstack_networking_network_v2.this["web"].tags),
      tolist(openstack_networking_subnet_v2.this["web"].tags),
      tolist(openstack_networking_router_v2.this["web"].tags),
    )) == toset(var.tags)
    error_message = "Whatever can have tags carries the bay's."
  }
}

run "without_an_external_network_there_is_no_router" {
  variables {
    network = { cidr = "10.20.0.0/24", dns_nameservers = [] }
  }
  assert {
    condition     = length(openstack_networking_router_v2.this) == 0 && output.router_id == null && output.floating_ip_pool == null
    error_message = "A router with nowhere to lead was made."
  }
}

run "of_an_existing_network_nothing_is_made" {
  variables {
    network = { existing = "mine", subnet = "mine-v4", external_network = "public", dns_nameservers = [] }
  }
  assert {
    condition = 0 == sum([
      length(openstack_networking_network_v2.this), length(openstack_networking_subnet_v2.this),
      length(openstack_networking_router_v2.this), length(openstack_networking_router_interface_v2.this),
    ])
    error_message = "An existing network is the user's: nothing is made on it."
  }
  assert {
    condition     = output.network_id == "net-1" && output.subnet_id == "subnet-1" && output.subnet_cidr == "192.0.2.0/24"
    error_message = "The outputs must be the existing network's."
  }
  assert {
    condition     = data.openstack_networking_subnet_v2.existing["mine"].name == "mine-v4"
    error_message = "The subnet was not looked up by its name."
  }
}

run "ids_are_looked_up_as_ids" {
  variables {
    network = {
      existing        = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
      subnet          = "3f2504e0-4f89-41d3-9a0c-0305e82c3302"
      dns_nameservers = []
    }
  }
  assert {
    condition     = data.openstack_networking_network_v2.existing[var.network.existing].network_id == var.network.existing
    error_message = "The network was not looked up by its id."
  }
  assert {
    condition     = data.openstack_networking_subnet_v2.existing[var.network.existing].subnet_id == var.network.subnet
    error_message = "The subnet was not looked up by its id."
  }
}

run "a_network_is_new_or_existing_not_both" {
  command = plan
  variables {
    network = { cidr = "10.20.0.0/24", existing = "mine", dns_nameservers = [] }
  }
  expect_failures = [var.network]
}

run "a_range_that_is_none_is_refused" {
  command = plan
  variables {
    network = { cidr = "10.20.0.0/33", dns_nameservers = [] }
  }
  expect_failures = [var.network]
}
