variable "bay" {
  description = "The bay: its name, which every cloud resource's name begins with; its uuid, which tags them; its container orchestration engine."
  type        = object({ name = string, uuid = string, coe = string })
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", var.bay.name))
    error_message = "bay.name must be lower-case letters, digits and hyphens, not ${var.bay.name}."
  }

  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.bay.uuid))
    error_message = "bay.uuid must be a UUID, not ${var.bay.uuid}."
  }

  validation {
    condition     = contains(["kubernetes", "docker"], var.bay.coe)
    error_message = "bay.coe must be kubernetes or docker, not ${var.bay.coe}."
  }
}

variable "network" {
  description = "A network to make (cidr), or one that exists (existing, and its subnet); names or ids. external_network is where floating IPs come from."
  type = object({
    cidr             = optional(string)
    existing         = optional(string)
    subnet           = optional(string)
    external_network = optional(string)
    dns_nameservers  = list(string)
  })
  nullable = false
}

variable "api" {
  description = "How the bay's API is reached: endpoint is floating-ip, load-balancer (kubernetes only) or private; allowed_cidrs are the IP ranges let in."
  type        = object({ endpoint = string, port = number, allowed_cidrs = list(string) })
  nullable    = false

  validation {
    condition     = contains(["floating-ip", "load-balancer", "private"], var.api.endpoint)
    error_message = "api.endpoint must be floating-ip, load-balancer or private, not ${var.api.endpoint}."
  }

  validation {
    condition     = alltrue([for cidr in var.api.allowed_cidrs : can(cidrsubnet(cidr, 0, 0))])
    error_message = "api.allowed_cidrs must be IP ranges; these are not: ${join(", ", [for cidr in var.api.allowed_cidrs : cidr if !can(cidrsubnet(cidr, 0, 0))])}."
  }
}

variable "rules" {
  description = "Further ingress rules by a stable name. remote says who: \"bay\" (its nodes), \"subnet\", or \"cidr\" (remote_cidr). protocol \"any\" is all of them, on all ports."
  type = map(object({
    description = string
    protocol    = string
    port_min    = number
    port_max    = number
    remote      = string
    remote_cidr = optional(string)
  }))
  nullable = false
}

variable "node_groups" {
  description = "Node groups by name, and in each the nodes by name; a node is replaced when its digest, the image or the boot volume changes."
  type = map(object({
    role        = string
    flavor      = string
    image       = string
    keypair     = optional(string)
    policy      = string
    labels      = map(string)
    boot_volume = optional(object({ size = number, type = optional(string) }))
    nodes = map(object({
      fixed_ip          = optional(string)
      availability_zone = optional(string)
      digest            = string
    }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for group in var.node_groups : contains(["control_plane", "worker"], group.role)])
    error_message = "The role of a node group is control_plane or worker; these have another: ${join(", ", [for name, group in var.node_groups : name if !contains(["control_plane", "worker"], group.role)])}."
  }

  validation {
    condition     = length(distinct(flatten([for group in var.node_groups : keys(group.nodes)]))) == length(flatten([for group in var.node_groups : keys(group.nodes)]))
    error_message = "A node is in one node group; one of these is in two: ${join(", ", flatten([for group in var.node_groups : keys(group.nodes)]))}."
  }
}

variable "user_data" {
  description = "cloud-config of each node, by the node's name; @@NODE_ADDRESS@@, @@FIXED_ADDRESS@@, @@API_ADDRESS@@ and @@INTERNAL_API_ADDRESS@@ are filled in."
  type        = map(string)
  nullable    = false
  sensitive   = true
}

variable "record" {
  description = "What a ledger knows of the bay, its secrets sealed: it lies in the state, so that a lost ledger can be made anew."
  type        = string
  default     = ""
  nullable    = false
  sensitive   = true
}
