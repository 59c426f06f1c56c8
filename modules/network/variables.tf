variable "bay_name" {
  description = "Name of the bay; the network, its subnet and its router bear it."
  type        = string
  nullable    = false
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

  validation {
    condition     = (var.network.cidr == null) != (var.network.existing == null)
    error_message = "network needs either cidr (a network to make) or existing (a network there is), not both."
  }

  validation {
    condition     = var.network.cidr == null || can(cidrnetmask(var.network.cidr))
    error_message = "network.cidr must be an IPv4 range such as 10.20.0.0/24."
  }
}

variable "tags" {
  description = "Tags of everything this module makes."
  type        = set(string)
  nullable    = false
}
