import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { essence, Terraform } from './terraform';

export const PROVIDERS = {
  azurerm: { source: 'hashicorp/azurerm', version: '4.55.0' },
  azuread: { source: 'hashicorp/azuread', version: '3.7.0' },
  azapi: { source: 'Azure/azapi', version: '~> 2.7' },
};

/** Why Terraform cannot apply anything here; undefined where it can. */
export async function missingForTerraform(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-providers-'));
  try {
    const terraform = new Terraform(folder, process.env);
    const version = await terraform.run('version');
    if (version.status !== 0) {
      return `terraform cannot be run: ${version.output}`;
    }
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: PROVIDERS } }));
    const init = await terraform.init();
    return init.status === 0 ? undefined : `terraform cannot get its providers:\n${essence(init)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
