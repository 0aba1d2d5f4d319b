// Terraform writes the tables of inputs and outputs in terraform/README.md, from the .tf files. Its tests are the module's:
// offline, applied to a simulated AWS, and with the permissions of the deployed role.
package main
