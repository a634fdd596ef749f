#!/usr/bin/env bash
# Tests the tool before the job relies on it: a plan that opens a product to anyone must not pass.
#
#   EXECUTABLE        apim-oauth
#   SELF_TEST         a folder for the plan
set -euo pipefail

mkdir -p "$SELF_TEST"
cat > "$SELF_TEST/plan.json" << 'PLAN'
{
  "format_version": "1.2",
  "terraform_version": "1.11.4",
  "applyable": true,
  "complete": true,
  "errored": false,
  "configuration": { "root_module": {} },
  "resource_changes": [
    {
      "address": "azurerm_api_management_product.gate",
      "mode": "managed",
      "type": "azurerm_api_management_product",
      "name": "gate",
      "provider_name": "registry.terraform.io/hashicorp/azurerm",
      "change": {
        "actions": ["update"],
        "before": {
          "id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.ApiManagement/service/apim/products/gate",
          "api_management_name": "apim", "resource_group_name": "r", "product_id": "gate",
          "display_name": "Gate", "published": true, "subscription_required": true
        },
        "after": {
          "id": "/subscriptions/0/resourceGroups/r/providers/Microsoft.ApiManagement/service/apim/products/gate",
          "api_management_name": "apim", "resource_group_name": "r", "product_id": "gate",
          "display_name": "Gate", "published": true, "subscription_required": false
        },
        "after_unknown": {}, "before_sensitive": {}, "after_sensitive": {}
      }
    }
  ]
}
PLAN
status=0
"$EXECUTABLE" review --format "json=$SELF_TEST/review.json" --fail-on broadening -- "self-test=$SELF_TEST/plan.json" || status=$?
rm -rf -- "$SELF_TEST"
if [ "$status" -ne 2 ]; then
  echo "apim-oauth: the gate does not work: a plan that opens a product ended with status $status instead of 2" >&2
  exit 1
fi
