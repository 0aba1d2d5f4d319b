# A live bucket, whose notifications, policy and settings stay as they are; variants go to a bucket of their own.

provider "aws" {
  region = var.region
}

module "thumbnails" {
  source = "../.."

  name          = var.name
  bucket        = var.bucket
  create_bucket = false
  package       = "${path.module}/../../../.build/package/resize-arm64.zip"
  presets       = "${path.module}/../../../presets.yaml"

  trigger                   = var.trigger
  owns_bucket_notifications = var.owns_bucket_notifications
  destination_bucket        = "${var.bucket}-resized"

  cdn           = { enabled = var.cdn }
  force_destroy = var.force_destroy
}
