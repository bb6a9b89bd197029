/** The options of `coldstart inspect`, as commander reads them. */
export interface InspectArguments {
  readonly subject: string;
  readonly image?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly entrypoint?: string;
  readonly json?: boolean;
  readonly top: number;
  readonly measure: string;
  readonly chunk: number;
  readonly cacheDir?: string;
  readonly plainHttp?: readonly string[];
  readonly caFile?: readonly string[];
  readonly daemon?: string;
  readonly timeout?: number;
  readonly toc: boolean;
  readonly verbose?: boolean;
}
