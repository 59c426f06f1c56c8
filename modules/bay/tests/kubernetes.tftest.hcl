mock_provider "openstack" {
  mock_resource "openstack_networking_port_v2" {
    defaults = { all_fixed_ips = ["10.20.0.7"] }
  }
  mock_resource "openstack_networking_floatingip_v2" {
    defaults = { address = "198.51.100.7" }
  }
  mock_resource "openstack_lb_loadbalancer_v2" {
    defaults = { vip_address = "10.20.0.4" }
  }
}

variables {
  bay     = { name = "web", uuid = "0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11", coe = "kubernetes" }
  network = { cidr = "10.20.0.0/24", external_network = "public", dns_nameservers = [] }
  api     = { endpoint = "floating-ip", port = 6443, allowed_cidrs = ["203.0.113.7/24", "203.0.113.0/24"] }
  rules   = {}
  node_groups = {
    control-plane = {
      role   = "control_plane", flavor = "m1.medium", image = "debian-12-kube", policy = "anti-affinity"
      labels = {}, nodes = { control-plane-0 = { digest = "one" } }
    }
    workers = {
      role   = "worker", flavor = "m1.small", image = "debian-12-kube", policy = "soft-anti-affinity"
      labels = {}, nodes = { workers-0 = { digest = "one" } }
    }
  }
  user_data = { control-plane-0 = "#cloud-config\n", workers-0 = "#cloud-config\n" }
}

run "only_the_first_control_plane_node_has_a_floating_ip" {
  assert {
    condition = { for name, node in output.nodes : name => "${node.role} ${node.group} ${node.address}" } == {
      control-plane-0 = "control_plane control-plane 198.51.100.7"
      workers-0       = "worker workers 10.20.0.7"
    }
    error_message = "Not the nodes expected: ${jsonencode(output.nodes)}."
  }
  assert {
    condition     = output.api_address == "198.51.100.7"
    error_message = "The API is at the first control plane node's floating IP, not at ${output.api_address}."
  }
}

run "behind_a_load_balancer_no_node_has_a_floating_ip" {
  variables {
    api = { endpoint = "load-balancer", port = 6443, allowed_cidrs = ["203.0.113.0/24", "2001:db8::/64"] }
  }
  assert {
    condition     = alltrue([for node in output.nodes : node.address == "10.20.0.7"])
    error_message = "The nodes must be reached at their fixed IPs."
  }
  assert {
    condition     = output.api_address == "198.51.100.7"
    error_message = "The API is at the load balancer's floating IP, not at ${output.api_address}."
  }
}

run "a_private_bay_is_reached_at_a_fixed_ip" {
  variables {
    api = { endpoint = "private", port = 6443, allowed_cidrs = [] }
  }
  assert {
    condition     = output.api_address == "10.20.0.7"
    error_message = "The API is at the first control plane node's fixed IP, not at ${output.api_address}."
  }
}

run "an_endpoint_we_do_not_know_is_refused" {
  command = plan
  variables {
    api = { endpoint = "public", port = 6443, allowed_cidrs = [] }
  }
  expect_failures = [var.api]
}

run "a_kubernetes_bay_needs_a_control_plane" {
  command = plan
  variables {
    node_groups = {}
  }
  expect_failures = [output.api_address]
}

run "a_node_is_in_one_node_group" {
  command = plan
  variables {
    node_groups = {
      a = { role = "control_plane", flavor = "m1.small", image = "i", policy = "none", labels = {}, nodes = { n = { digest = "one" } } }
      b = { role = "worker", flavor = "m1.small", image = "i", policy = "none", labels = {}, nodes = { n = { digest = "one" } } }
    }
    user_data = { n = "#cloud-config\n" }
  }
  expect_failures = [var.node_groups]
}
