variable "bucket" {
  description = "Name of the bucket that exists, in this account and region."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "us-east-1"
  nullable    = false
}

variable "name" {
  description = "Prefix of the name of everything that is created."
  type        = string
  default     = "presize"
  nullable    = false
}

variable "trigger" {
  description = "How uploads reach the function. `eventbridge` leaves the bucket's notifications alone."
  type        = string
  default     = "eventbridge"
  nullable    = false
}

variable "owns_bucket_notifications" {
  description = "Whether the bucket's notification configuration may be replaced, as the triggers `direct` and `queue` do."
  type        = bool
  default     = false
  nullable    = false
}

variable "cdn" {
  description = "Whether there is a CloudFront distribution."
  type        = bool
  default     = true
  nullable    = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete the bucket of the variants with everything in it."
  type        = bool
  default     = false
  nullable    = false
}
