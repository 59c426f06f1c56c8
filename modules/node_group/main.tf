locals {
  uuid         = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
  image_is_id  = can(regex(local.uuid, var.node_group.image))
  flavor_is_id = can(regex(local.uuid, var.node_group.flavor))
  on_volume    = var.node_group.boot_volume != null

  # Only a boot volume needs the id of an image that the user gave by name. An image that is gone leaves the name, which
  # only a node that is still to be made trips over; a lookup that fails would keep the bay from being planned or destroyed.
  image_to_look_up = toset(local.on_volume && !local.image_is_id ? [var.node_group.image] : [])
  image_id         = try(one(values(data.openstack_images_image_ids_v2.this)).ids[0], var.node_group.image)

  # Nova's metadata keys have no slash. Example: {"label.example.org:tier" = "front"}
  labels = { for name, value in var.node_group.labels : "label.${replace(name, "/", ":")}" => value }
}

data "openstack_images_image_ids_v2" "this" {
  for_each = local.image_to_look_up
  name     = each.key
  sort     = "created_at:desc"
}

resource "openstack_compute_servergroup_v2" "this" {
  for_each = toset(var.node_group.policy == "none" ? [] : [var.node_group.policy])
  name     = "${var.bay.name}-${var.name}"
  policies = [each.key]
}

# What a node has to be rebuilt for. The image is here and not left to the provider: once the cloud's operator has
# deleted or renewed an image, the provider sees another one on every node and would replace them all.
resource "terraform_data" "rebuild" {
  for_each = var.node_group.nodes
  input = {
    digest      = each.value.digest
    image       = var.node_group.image
    boot_volume = var.node_group.boot_volume
    # A docker node's certificate is for its address, which is another one when somebody has deleted its floating IP.
    # A Kubernetes API is known by the cluster's own names as well.
    address = var.bay.coe == "docker" ? var.ports[each.key].address : null
  }
}

resource "openstack_compute_instance_v2" "this" {
  for_each          = var.node_group.nodes
  name              = "${var.bay.name}-${each.key}"
  image_id          = local.image_is_id && !local.on_volume ? var.node_group.image : null
  image_name        = local.image_is_id || local.on_volume ? null : var.node_group.image
  flavor_id         = local.flavor_is_id ? var.node_group.flavor : null
  flavor_name       = local.flavor_is_id ? null : var.node_group.flavor
  key_pair          = var.node_group.keypair
  availability_zone = each.value.availability_zone
  config_drive      = true
  tags              = var.tags
  metadata          = merge(local.labels, { magnumctl_bay = var.bay.uuid, magnumctl_node = each.key })

  user_data = base64gzip(replace(replace(replace(replace(
    var.user_data[each.key],
    "@@NODE_ADDRESS@@", var.ports[each.key].address),
    "@@FIXED_ADDRESS@@", var.ports[each.key].fixed_ip),
    "@@INTERNAL_API_ADDRESS@@", var.api.internal_address),
  "@@API_ADDRESS@@", var.api.address))

  network {
    port = var.ports[each.key].id
  }

  dynamic "block_device" {
    for_each = var.node_group.boot_volume[*]
    content {
      uuid                  = local.image_id
      source_type           = "image"
      destination_type      = "volume"
      volume_size           = block_device.value.size
      volume_type           = block_device.value.type
      boot_index            = 0
      delete_on_termination = true
    }
  }

  dynamic "scheduler_hints" {
    for_each = openstack_compute_servergroup_v2.this
    content {
      group = scheduler_hints.value.id
    }
  }

  timeouts {
    create = "60m" # bare metal
    update = "60m"
    delete = "30m"
  }

  lifecycle {
    ignore_changes       = [user_data, image_id, image_name, block_device]
    replace_triggered_by = [terraform_data.rebuild[each.key]]

    precondition {
      condition     = nonsensitive(contains(keys(var.user_data), each.key))
      error_message = "user_data has no entry for the node ${each.key}."
    }
    precondition {
      condition     = nonsensitive(length(base64gzip(lookup(var.user_data, each.key, ""))) < 65000)
      error_message = "The user-data of the node ${each.key} is too long for Nova, which takes 65535 bytes of gzip and base64."
    }
  }
}
