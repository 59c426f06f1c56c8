variable "bay_name" {
  description = "Name of the bay; the security group bears it."
  type        = string
  nullable    = false
}

variable "subnet_cidr" {
  description = "IP range of the bay's subnet: what the remote \"subnet\" of a rule means."
  type        = string
  nullable    = false
}

variable "api" {
  description = "Port of the bay's API, and the IP ranges that may reach it."
  type = object({
    port          = number
    allowed_cidrs = list(string)
  })
  nullable = false

  validation {
    condition     = alltrue([for cidr in var.api.allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "api.allowed_cidrs must be IP ranges; these are not: ${join(", ", [for cidr in var.api.allowed_cidrs : cidr if !can(cidrhost(cidr, 0))])}."
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

  validation {
    condition     = !contains(keys(var.rules), "bay") && !anytrue([for name in keys(var.rules) : startswith(name, "api-")])
    error_message = "No rule may be called bay or api-...: those are the bay's own. The rules are ${join(", ", keys(var.rules))}."
  }

  validation {
    condition     = alltrue([for rule in var.rules : contains(["bay", "subnet", "cidr"], rule.remote)])
    error_message = "The remote of a rule is bay, subnet or cidr; these have another: ${join(", ", [for name, rule in var.rules : name if !contains(["bay", "subnet", "cidr"], rule.remote)])}."
  }

  validation {
    condition     = alltrue([for rule in var.rules : rule.remote != "cidr" || can(cidrhost(rule.remote_cidr, 0))])
    error_message = "A rule with the remote cidr needs an IP range as remote_cidr; these have none: ${join(", ", [for name, rule in var.rules : name if rule.remote == "cidr" && !can(cidrhost(rule.remote_cidr, 0))])}."
  }
}

variable "tags" {
  description = "Tags of the security group; its rules cannot have any."
  type        = set(string)
  nullable    = false
}
