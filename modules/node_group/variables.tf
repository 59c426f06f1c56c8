variable "bay" {
  description = "The bay that the nodes belong to; servers are called BAY-NODE."
  type = object({
    name = string
    uuid = string
    coe  = string
  })
  nullable = false
}

variable "name" {
  description = "Name of the node group; its server group is called BAY-NAME."
  type        = string
  nullable    = false
}

variable "node_group" {
  description = "What the nodes are made of. image and flavor are names, or ids in the form of a UUID; a node is replaced when its digest, the image or the boot volume changes."
  type = object({
    role        = string
    flavor      = string
    image       = string
    keypair     = optional(string)
    policy      = string
    labels      = map(string)
    boot_volume = optional(object({ size = number, type = optional(string) }))
    nodes       = map(object({ availability_zone = optional(string), digest = string }))
  })
  nullable = false

  validation {
    condition     = contains(["soft-anti-affinity", "anti-affinity", "none"], var.node_group.policy)
    error_message = "policy must be soft-anti-affinity, anti-affinity or none, not ${var.node_group.policy}."
  }
}

variable "ports" {
  description = "Port of each node, by the node's name: its id, its fixed IP, and the address where clients reach it."
  type        = map(object({ id = string, fixed_ip = string, address = string }))
  nullable    = false
}

variable "api" {
  description = "Where the bay's API is reached: by clients (address), and by the nodes on their own network (internal_address)."
  type        = object({ address = string, internal_address = string })
  nullable    = false
}

variable "user_data" {
  description = "cloud-config of each node, by the node's name; @@NODE_ADDRESS@@, @@FIXED_ADDRESS@@, @@API_ADDRESS@@ and @@INTERNAL_API_ADDRESS@@ are filled in here."
  type        = map(string)
  nullable    = false
  sensitive   = true
}

variable "tags" {
  description = "Tags of the servers; server groups and boot volumes cannot have any."
  type        = set(string)
  nullable    = false
}
