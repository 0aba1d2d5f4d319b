variable "bucket" {
  description = "Name of the bucket to create; nobody else in the world may have it."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Region of everything but the CDN, which is everywhere."
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

variable "emails" {
  description = "Who hears of alarms."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "cdn" {
  description = "Whether there is a CloudFront distribution."
  type        = bool
  default     = true
  nullable    = false
}

variable "completion" {
  description = "Whether there is an SNS topic that tells when an original's variants are ready, and when they are gone."
  type        = bool
  default     = false
  nullable    = false
}

variable "backfill" {
  description = "Whether S3 Batch Operations may run a backfill, for `backfill run --via batch`."
  type        = bool
  default     = false
  nullable    = false
}

variable "force_destroy" {
  description = "Whether `terraform destroy` may delete the bucket with everything in it."
  type        = bool
  default     = false
  nullable    = false
}
