import { Lazy, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { MultiProductApplication } from './client/multi-product-application';
import * as limits from './validation/limits';
import { Problems, refuse } from './validation/problems';
import * as shapes from './validation/shapes';
import { inFramework, problemOfFramework } from './validation/framework';

const problemOfOutputName = limits.literalOnly(
  limits.matching(
    /^[A-Za-z_][A-Za-z0-9_-]*$/,
    'be letters, digits, dashes and underscores and not start with a digit or dash',
  ),
  'it names the block in Terraform',
);

/** Settings of `AccessManifest`. */
export interface AccessManifestProps {
  /** The applications to describe: one or more, without duplicates. */
  readonly applications: MultiProductApplication[];

  /**
   * Name of the Terraform output: letters, digits, dashes and underscores, not starting with a digit.
   * @default oauth_access
   */
  readonly outputName?: string;
}

/**
 * One Terraform output, not sensitive, that says how applications reach their products:
 *
 * `{ version: 1, applications: { <application name>: { clientId, tenantId, tokenEndpoint, credential: { kind, … },
 * products: { <product id>: { scope, gatewayUrl, path? } } } } }`
 *
 * It says where each credential is stored, never its value.
 */
export class AccessManifest extends Construct {
  /** Name of the Terraform output. */
  public readonly outputName: string;

  /**
   * Declares the output.
   *
   * Fails when there is no application, one is given twice, two have the same name or the output's name is malformed.
   * Synthesis fails when the stack already has an output of that name.
   */
  public constructor(scope: Construct, id: string, props: AccessManifestProps) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const applications: MultiProductApplication[] = Array.isArray(props.applications) ? [...props.applications] : [];
    this.outputName = props.outputName ?? 'oauth_access';
    const problems = new Problems(this.node.path);
    problems.add('outputName', problemOfOutputName(this.outputName));
    problems.add('applications', shapes.filledList(props.applications === undefined ? [] : props.applications));
    const names = new Map<string, MultiProductApplication>();
    for (const application of applications) {
      if (!Construct.isConstruct(application)) {
        problems.add('applications', `must contain only applications, got ${limits.shown(application)}`);
        continue;
      }
      problems.add('applications', problemOfFramework(application));
      const other = names.get(application.applicationName);
      if (other === application) {
        problems.add('applications', `must not contain the same application twice, got ${application.node.path} again`);
      } else if (other !== undefined) {
        problems.add(
          'applications',
          `must have different names, got ${limits.shown(application.applicationName)} for ${other.node.path} and ${application.node.path}`,
        );
      }
      names.set(application.applicationName, application);
    }
    problems.throwIfAny();

    const output = new TerraformOutput(this, 'Default', {
      description: 'How applications get at their products; read by tools. It contains no secret.',
      value: Lazy.anyValue({
        produce: () => ({
          version: 1,
          applications: Object.fromEntries(
            applications.map((application) => [application.applicationName, application._manifest()]),
          ),
        }),
      }),
    });
    output.overrideLogicalId(this.outputName);
    this.node.addValidation({ validate: () => this.problemsOfOutput(output) });
  }

  /** Two outputs of one name would silently become one. */
  private problemsOfOutput(output: TerraformOutput): string[] {
    const others = TerraformStack.of(this)
      .node.findAll()
      .filter(
        (node): node is TerraformOutput =>
          TerraformOutput.isTerraformOutput(node) && node !== output && node.friendlyUniqueId === this.outputName,
      );
    return others.map(
      (other) =>
        `outputName: ${limits.shown(this.outputName)} is the name of output ${other.node.path} already; give another`,
    );
  }
}
