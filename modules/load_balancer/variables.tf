variable "bay_name" {
  description = "Name of the bay; the load balancer and its parts bear it."
  type        = string
  nullable    = false
}

variable "subnet_id" {
  description = "The subnet that the virtual IP comes from and the members are in."
  type        = string
  nullable    = false
}

variable "port" {
  description = "Port of the bay's API: of the listener and of its members."
  type        = number
  nullable    = false
}

variable "allowed_cidrs" {
  description = "IP ranges that the listener lets in; the nodes' own has to be among them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.allowed_cidrs) > 0
    error_message = "allowed_cidrs must not be empty: to Octavia that means everybody."
  }
}

variable "members" {
  description = "Fixed IP of each control plane node, by the node's name."
  type        = map(string)
  nullable    = false
}

variable "floating_ip_pool" {
  description = "Name of the external network that the floating IP comes from; null keeps the load balancer inside."
  type        = string
  nullable    = true
}

variable "tags" {
  description = "Tags of everything this module makes, where Octavia and Neutron can keep them."
  type        = set(string)
  nullable    = false
}
