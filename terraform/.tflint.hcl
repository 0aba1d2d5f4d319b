# The rules that tflint brings along; none of its plugins is needed.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# A file for each concern instead of one main.tf.
rule "terraform_standard_module_structure" {
  enabled = false
}
