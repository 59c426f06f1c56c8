"""Where Terraform and its OpenStack provider come from."""
