mock_provider "openstack" {
  mock_data "openstack_images_image_ids_v2" {
    defaults = { ids = ["image-new", "image-old"] }
  }
}

variables {
  bay  = { name = "web", uuid = "0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11", coe = "kubernetes" }
  name = "workers"
  node_group = {
    role   = "worker"
    flavor = "m1.small"
    image  = "debian-12-kube"
    policy = "soft-anti-affinity"
    labels = { "example.org/tier" = "front" }
    nodes  = { workers-0 = { digest = "one" }, workers-1 = { digest = "one", availability_zone = "nova" } }
  }
  ports = {
    workers-0 = { id = "port-0", fixed_ip = "10.20.0.10", address = "198.51.100.10" }
    workers-1 = { id = "port-1", fixed_ip = "10.20.0.11", address = "10.20.0.11" }
  }
  api = { address = "198.51.100.4", internal_address = "10.20.0.4" }
  user_data = {
    workers-0 = "#cloud-config\n# @@NODE_ADDRESS@@ @@FIXED_ADDRESS@@ @@API_ADDRESS@@ @@INTERNAL_API_ADDRESS@@\n"
    workers-1 = "#cloud-config\n"
  }
  tags = ["magnumctl:0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"]
}

run "a_node_is_a_server_on_its_own_port" {
  assert {
    condition     = { for name, server in openstack_compute_instance_v2.this : server.name => server.network[0].port } == { web-workers-0 = "port-0", web-workers-1 = "port-1" }
    error_message = "Each server is called BAY-NODE and has the node's port."
  }
  assert {
    condition = openstack_compute_instance_v2.this["workers-0"].metadata == tomap({
      "label.example.org:tier" = "front"
      magnumctl_bay            = "0b0e5c5e-7b1c-4a52-9f5c-6f0d3f4b8a11"
      magnumctl_node           = "workers-0"
    })
    error_message = "The server's metadata must say whose it is."
  }
  assert {
    condition     = alltrue([for server in openstack_compute_instance_v2.this : server.tags == toset(var.tags) && server.config_drive && server.key_pair == null])
    error_message = "Each server has the bay's tags, a config drive, and no keypair unless one was asked for."
  }
}

run "the_addresses_are_filled_into_the_user_data" {
  assert {
    condition     = openstack_compute_instance_v2.this["workers-0"].user_data == base64gzip("#cloud-config\n# 198.51.100.10 10.20.0.10 198.51.100.4 10.20.0.4\n")
    error_message = "The placeholders of the user-data were not all filled in."
  }
}

run "names_and_ids_both_do" {
  variables {
    node_group = {
      role   = "worker"
      flavor = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
      image  = "3f2504e0-4f89-41d3-9a0c-0305e82c3302"
      policy = "none"
      labels = {}
      nodes  = { workers-0 = { digest = "one" } }
    }
  }
  assert {
    condition     = openstack_compute_instance_v2.this["workers-0"].flavor_id == var.node_group.flavor
    error_message = "The flavor's id was not taken as one."
  }
  assert {
    condition     = openstack_compute_instance_v2.this["workers-0"].image_id == var.node_group.image
    error_message = "The image's id was not taken as one."
  }
  assert {
    condition     = length(openstack_compute_servergroup_v2.this) == 0
    error_message = "The policy none must make no server group."
  }
}

run "a_boot_volume_is_made_from_the_newest_image_of_that_name" {
  variables {
    node_group = {
      role        = "worker"
      flavor      = "m1.small"
      image       = "debian-12-kube"
      policy      = "anti-affinity"
      labels      = {}
      boot_volume = { size = 20, type = "fast" }
      nodes       = { workers-0 = { digest = "one" } }
    }
  }
  assert {
    condition = [for disk in openstack_compute_instance_v2.this["workers-0"].block_device : [disk.uuid, disk.volume_size, disk.volume_type, disk.delete_on_termination]] == [
      ["image-new", 20, "fast", true],
    ]
    error_message = "Not the boot volume asked for."
  }
  assert {
    condition     = openstack_compute_servergroup_v2.this["anti-affinity"].name == "web-workers"
    error_message = "The server group is called BAY-GROUP."
  }
}

run "each_node_needs_user_data" {
  command = plan
  variables {
    user_data = { workers-0 = "#cloud-config\n" }
  }
  expect_failures = [openstack_compute_instance_v2.this["workers-1"]]
}

run "an_unknown_policy_is_refused" {
  command = plan
  variables {
    node_group = {
      role   = "worker", flavor = "m1.small", image = "debian-12-kube"
      policy = "affinity", labels = {}, nodes = {}
    }
  }
  expect_failures = [var.node_group]
}
