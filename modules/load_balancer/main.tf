resource "openstack_lb_loadbalancer_v2" "this" {
  name          = var.bay_name
  vip_subnet_id = var.subnet_id
  tags          = var.tags

  timeouts {
    create = "20m"
  }
}

resource "openstack_lb_listener_v2" "this" {
  name            = var.bay_name
  loadbalancer_id = openstack_lb_loadbalancer_v2.this.id
  protocol        = "TCP"
  protocol_port   = var.port
  allowed_cidrs   = sort(var.allowed_cidrs) # as Octavia gives them back: in another order each plan would show a change
  tags            = var.tags
}

resource "openstack_lb_pool_v2" "this" {
  name        = var.bay_name
  listener_id = openstack_lb_listener_v2.this.id
  protocol    = "TCP"
  lb_method   = "ROUND_ROBIN"
  tags        = var.tags
}

resource "openstack_lb_member_v2" "control_plane" {
  for_each      = var.members
  name          = "${var.bay_name}-${each.key}"
  pool_id       = openstack_lb_pool_v2.this.id
  subnet_id     = var.subnet_id
  address       = each.value
  protocol_port = var.port
  tags          = var.tags
}

resource "openstack_lb_monitor_v2" "this" {
  name        = var.bay_name
  pool_id     = openstack_lb_pool_v2.this.id
  type        = "TCP"
  delay       = 5
  timeout     = 3
  max_retries = 3
}

resource "openstack_networking_floatingip_v2" "this" {
  for_each    = toset(var.floating_ip_pool == null ? [] : ["api"])
  description = "${var.bay_name}-${each.key}"
  pool        = var.floating_ip_pool
  port_id     = openstack_lb_loadbalancer_v2.this.vip_port_id
  tags        = var.tags
}
