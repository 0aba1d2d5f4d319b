# presets.yaml stands in the bucket, so that a change to it is one `terraform apply`. Its key carries its hash: the new file
# is there before the function is told of it, and the old one goes afterwards, so no start of the function finds the wrong
# one or none.

locals {
  presets_text = file(var.presets)
  presets_hash = sha256(local.presets_text)
  presets_dir  = "presize/${var.name}/"
  presets_key  = "${local.presets_dir}presets-${substr(local.presets_hash, 0, 16)}.yaml"

  config    = yamldecode(local.presets_text)
  originals = try(tostring(local.config.originals), "originals/")
  resized   = try(tostring(local.config.resized), "resized/")
  template  = try(tostring(local.config.key), "{preset}/{dir}{name}.{ext}")
  manifest  = try(tobool(local.config.manifest), true)
  presets   = try({ for name, preset in local.config.presets : name => preset }, {})
  defaults  = try({ for name, value in local.config.defaults : name => value }, {})

  # What the function's loader refuses, as far as HCL can tell; the loader checks everything, and names line and column.
  file_fields   = ["version", "originals", "resized", "key", "svg", "manifest", "defaults", "limits", "presets"]
  shared_fields = ["fit", "gravity", "format", "quality", "effort", "lossless", "progressive", "chroma", "enlarge", "background", "sharpen", "blur", "animated", "metadata", "cache_control"]
  preset_fields = concat(["width", "height", "match"], local.shared_fields)
  fits          = ["inside", "cover", "contain", "fill"]
  formats       = ["original", "jpeg", "jpg", "png", "webp", "avif", "gif"]
  prefix_form   = "^([A-Za-z0-9!_.'()-]+/)+$"

  # The settings of each preset with the defaults filled in.
  effective = { for name, preset in local.presets : name => merge(local.defaults, try({ for field, value in preset : field => value }, {})) }
  sides     = { for name, preset in local.presets : name => compact([try(tostring(preset.width), ""), try(tostring(preset.height), "")]) }

  unknown_fields = concat(
    [for field in keys(local.config) : field if !contains(local.file_fields, field)],
    [for field in keys(local.defaults) : "defaults.${field}" if !contains(local.shared_fields, field)],
    flatten([for name, preset in local.presets : [for field in try(keys(preset), []) : "presets.${name}.${field}" if !contains(local.preset_fields, field)]]),
  )
  misnamed = [for name in keys(local.presets) : name if !can(regex("^[a-z0-9][a-z0-9_-]{0,63}$", name)) || contains(["manifest", "failed"], name)]
  sizeless = [for name, sides in local.sides : name if length(sides) == 0 || !alltrue([for side in sides : try(tonumber(side) >= 1 && tonumber(side) <= 16383 && floor(tonumber(side)) == tonumber(side), false)])]
  misfit   = [for name, preset in local.effective : name if !contains(local.fits, try(preset.fit, "inside")) || !contains(local.formats, try(preset.format, "original"))]
  misboxed = [for name, preset in local.effective : name if try(preset.fit, "inside") != "inside" && length(local.sides[name]) < 2]
}

resource "aws_s3_object" "presets" {
  bucket       = local.source_bucket
  key          = local.presets_key
  content      = local.presets_text
  content_type = "application/yaml"

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.this]

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = try(local.config.version, 1) == 1
      error_message = "presets.yaml is of version ${try(jsonencode(local.config.version), "?")}; this module reads version 1."
    }

    precondition {
      condition     = length(local.unknown_fields) == 0
      error_message = "presets.yaml has unknown fields: ${join(", ", local.unknown_fields)}. The fields are ${join(", ", local.file_fields)}, and of a preset ${join(", ", local.preset_fields)}."
    }

    precondition {
      condition = alltrue([for prefix in [local.originals, local.resized] :
        can(regex(local.prefix_form, prefix)) && length(prefix) <= 512 && !contains(split("/", prefix), ".") && !contains(split("/", prefix), "..")
      ])
      error_message = "presets.yaml has originals \"${local.originals}\" and resized \"${local.resized}\"; each must be a prefix such as originals/: segments of letters, digits and ! - _ . ' ( ) that end in a slash. An empty prefix would be the whole bucket."
    }

    precondition {
      condition     = !startswith(local.originals, local.resized) && !startswith(local.resized, local.originals)
      error_message = "presets.yaml has originals \"${local.originals}\" and resized \"${local.resized}\", which overlap: every variant would be an original again, without end. originals/ and resized/ are right."
    }

    precondition {
      condition = alltrue([for prefix in [local.originals, local.resized] :
        !startswith(local.presets_dir, prefix) && !startswith(prefix, local.presets_dir)
      ])
      error_message = "presets.yaml has originals \"${local.originals}\" and resized \"${local.resized}\"; neither may hold ${local.presets_dir}, where the module keeps presets.yaml: choose another prefix, or another name."
    }

    precondition {
      condition = alltrue([for slot in ["{preset}", "{dir}", ".{ext}"] : length(split(slot, local.template)) == 2]) && endswith(local.template, ".{ext}") && (
        length(split("{name}", local.template)) + length(split("{file}", local.template)) == 3
      )
      error_message = "presets.yaml has key \"${local.template}\"; it must hold {preset}, {dir} and one of {name} and {file} once each, and end in .{ext}, or variants would write over each other."
    }

    precondition {
      condition     = length(local.presets) > 0
      error_message = "presets.yaml has no presets; add one, such as presets: {small: {width: 368}}."
    }

    precondition {
      condition     = length(local.misnamed) == 0
      error_message = "presets.yaml has presets named ${join(", ", local.misnamed)}; a name is 1 to 64 lower-case letters, digits, - and _, and neither manifest nor failed."
    }

    precondition {
      condition     = length(local.sizeless) == 0
      error_message = "presets.yaml gives these presets no size: ${join(", ", local.sizeless)}. Each needs a width or a height of 1 to 16383 pixels."
    }

    precondition {
      condition     = length(local.misfit) == 0
      error_message = "presets.yaml gives these presets an unknown fit or format: ${join(", ", local.misfit)}. fit is one of ${join(", ", local.fits)}, format one of ${join(", ", local.formats)}."
    }

    precondition {
      condition     = length(local.misboxed) == 0
      error_message = "presets.yaml gives these presets one side only: ${join(", ", local.misboxed)}. Every fit but inside needs width and height."
    }
  }
}
