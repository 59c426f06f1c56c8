mock_provider "openstack" {}

variables {
  bay_name    = "web"
  subnet_cidr = "10.20.0.0/24"
  api         = { port = 6443, allowed_cidrs = ["203.0.113.0/24", "2001:db8::/64"] }
  rules       = {}
  tags        = ["magnumctl:0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"]
}

run "only_the_nodes_and_the_allowed_ranges_come_in" {
  assert {
    condition = {
      for name, rule in openstack_networking_secgroup_rule_v2.ingress : name => "${rule.ethertype} ${coalesce(rule.protocol, "any")} ${coalesce(rule.port_range_min, 0)}"
      } == {
      "api-203.0.113.0/24" = "IPv4 tcp 6443"
      "api-2001:db8::/64"  = "IPv6 tcp 6443"
      "bay"                = "IPv4 any 0"
    }
    error_message = "Not the rules expected: ${join(", ", keys(openstack_networking_secgroup_rule_v2.ingress))}."
  }
  assert {
    condition     = openstack_networking_secgroup_rule_v2.ingress["bay"].remote_group_id == output.security_group_id
    error_message = "The rule between the nodes must have the security group itself as its remote."
  }
}

run "a_rule_says_who_may_come" {
  variables {
    rules = {
      vxlan     = { description = "Overlay", protocol = "udp", port_min = 8472, port_max = 8472, remote = "bay" }
      node-port = { description = "NodePort", protocol = "tcp", port_min = 30000, port_max = 32767, remote = "subnet" }
      published = { description = "Web", protocol = "tcp", port_min = 80, port_max = 80, remote = "cidr", remote_cidr = "198.51.100.9/24" }
    }
  }
  assert {
    condition     = openstack_networking_secgroup_rule_v2.ingress["vxlan"].remote_group_id == output.security_group_id
    error_message = "remote bay must mean the security group itself."
  }
  assert {
    condition     = openstack_networking_secgroup_rule_v2.ingress["node-port"].remote_ip_prefix == "10.20.0.0/24"
    error_message = "remote subnet must mean the subnet's range."
  }
  assert {
    condition     = openstack_networking_secgroup_rule_v2.ingress["published"].remote_ip_prefix == "198.51.100.0/24"
    error_message = "remote cidr must mean the range given, as Neutron writes it."
  }
}

run "an_empty_list_lets_nobody_in" {
  variables {
    api = { port = 2376, allowed_cidrs = [] }
  }
  assert {
    condition     = keys(openstack_networking_secgroup_rule_v2.ingress) == ["bay"]
    error_message = "Without allowed ranges only the nodes reach each other."
  }
}

run "a_range_that_is_none_is_refused" {
  command = plan
  variables {
    api = { port = 6443, allowed_cidrs = ["203.0.113.0"] }
  }
  expect_failures = [var.api]
}

run "a_rule_for_a_range_needs_the_range" {
  command = plan
  variables {
    rules = { web = { description = "Web", protocol = "tcp", port_min = 80, port_max = 80, remote = "cidr" } }
  }
  expect_failures = [var.rules]
}

run "a_rule_cannot_take_the_place_of_one_of_ours" {
  command = plan
  variables {
    rules = { bay = { description = "Web", protocol = "tcp", port_min = 80, port_max = 80, remote = "subnet" } }
  }
  expect_failures = [var.rules]
}
