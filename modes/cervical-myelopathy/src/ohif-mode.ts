/** The part of OHIF's mode interface that this mode uses. */

export interface ModeLifecycle {
  readonly servicesManager: {
    readonly services: {
      readonly customizationService: {
        getCustomization(id: string): unknown;
        setCustomizations(customizations: Readonly<Record<string, unknown>>): void;
      };
      readonly toolGroupService: {
        getToolGroup(id: string): ToolGroup | undefined;
      };
    };
  };
  readonly extensionManager: unknown;
  readonly commandsManager?: {
    runCommand(name: string, options?: Readonly<Record<string, unknown>>): unknown;
  };
}

export interface ToolGroup {
  hasTool(name: string): boolean;
  setToolEnabled(name: string): void;
  setToolConfiguration(name: string, configuration: Readonly<Record<string, unknown>>): void;
}

export interface LayoutViewport {
  readonly namespace: string;
  readonly displaySetsToDisplay: readonly string[];
}

/** A mode as OHIF uses it; a stock mode is the base of ours. */
export interface ModeInstance {
  readonly id: string;
  readonly routeName: string;
  readonly displayName: string;
  readonly sopClassHandlers: readonly string[];
  readonly extensions: Readonly<Record<string, string>>;
  readonly routes: readonly {
    readonly layoutInstance: {
      readonly id: string;
      readonly props: { readonly viewports: readonly LayoutViewport[] };
    };
  }[];
  onModeEnter(this: ModeInstance, lifecycle: ModeLifecycle): void;
  onModeExit(this: ModeInstance, lifecycle: ModeLifecycle): void;
  readonly [member: string]: unknown;
}

export interface ModeFactoryParameters {
  readonly modeConfiguration?: Readonly<Record<string, unknown>>;
  loadModules(names: readonly string[]): Promise<{ readonly modeInstance: ModeInstance }[]>;
}
