# A bucket of its own, uploads straight to the function, and a CDN in front of the variants.

provider "aws" {
  region = var.region
}

module "thumbnails" {
  source = "../.."

  name    = var.name
  bucket  = var.bucket
  package = "${path.module}/../../../.build/package/resize-arm64.zip"
  presets = "${path.module}/../../../presets.yaml"

  cdn           = { enabled = var.cdn }
  completion    = { topic = var.completion }
  backfill      = { enabled = var.backfill }
  alarms        = { emails = var.emails }
  force_destroy = var.force_destroy
}
