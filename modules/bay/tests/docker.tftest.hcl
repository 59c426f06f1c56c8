mock_provider "openstack" {
  mock_resource "openstack_networking_port_v2" {
    defaults = { all_fixed_ips = ["10.20.0.7"] }
  }
  mock_resource "openstack_networking_floatingip_v2" {
    defaults = { address = "198.51.100.7" }
  }
}

variables {
  bay     = { name = "edge", uuid = "0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11", coe = "docker" }
  network = { cidr = "10.20.0.0/24", external_network = "public", dns_nameservers = [] }
  api     = { endpoint = "floating-ip", port = 2376, allowed_cidrs = ["203.0.113.0/24"] }
  rules   = {}
  node_groups = {
    workers = {
      role   = "worker", flavor = "m1.small", image = "debian-12-docker", policy = "soft-anti-affinity"
      labels = {}, nodes = { workers-0 = { digest = "one" }, workers-1 = { digest = "one" } }
    }
  }
  user_data = { workers-0 = "#cloud-config\n", workers-1 = "#cloud-config\n" }
}

run "each_node_of_a_docker_bay_has_a_floating_ip_and_the_bay_no_address" {
  assert {
    condition     = { for name, node in output.nodes : name => node.address } == { workers-0 = "198.51.100.7", workers-1 = "198.51.100.7" }
    error_message = "Each node must be reached at its floating IP."
  }
  assert {
    condition     = output.api_address == ""
    error_message = "A docker bay has no address of its own, not ${output.api_address}."
  }
}

run "a_private_docker_bay_needs_no_external_network" {
  variables {
    network = { cidr = "10.20.0.0/24", dns_nameservers = [] }
    api     = { endpoint = "private", port = 2376, allowed_cidrs = [] }
  }
  assert {
    condition     = output.nodes["workers-0"].address == "10.20.0.7" && output.network.router_id == null
    error_message = "The nodes of a private bay are reached at their fixed IPs."
  }
}

run "a_docker_bay_has_no_load_balancer" {
  command = plan
  variables {
    api = { endpoint = "load-balancer", port = 2376, allowed_cidrs = ["203.0.113.0/24"] }
  }
  expect_failures = [output.api_address]
}
