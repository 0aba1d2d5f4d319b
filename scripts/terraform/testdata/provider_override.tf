# Laid over an example when it is applied to moto, whose address stands in AWS_ENDPOINT_URL.
provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
  max_retries                 = 2
}
