variable "bay_name" {
  description = "Name of the bay; ports are called BAY-NODE."
  type        = string
  nullable    = false
}

variable "network_id" {
  description = "The network that the ports are on."
  type        = string
  nullable    = false
}

variable "subnet_id" {
  description = "The subnet that fixed IPs come from."
  type        = string
  nullable    = false
}

variable "security_group_id" {
  description = "The security group of the ports."
  type        = string
  nullable    = false
}

variable "nodes" {
  description = "The nodes that get a port, by name; fixed_ip null lets Neutron choose."
  type = map(object({
    fixed_ip = optional(string)
  }))
  nullable = false
}

variable "floating_ips" {
  description = "Floating IPs to make, by a stable name: the node that each leads to."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(distinct(values(var.floating_ips))) == length(var.floating_ips)
    error_message = "A node can have one floating IP; floating_ips names one twice: ${join(", ", values(var.floating_ips))}."
  }
}

variable "floating_ip_pool" {
  description = "Name of the external network that floating IPs come from; null when there are none to make."
  type        = string
  nullable    = true
}

variable "tags" {
  description = "Tags of the ports and floating IPs."
  type        = set(string)
  nullable    = false
}
