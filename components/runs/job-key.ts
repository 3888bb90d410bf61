/** The search parameter of a run page that names the job. Names of workspace parameters have no dash, so none is equal. */
export const jobKey = "job-id";
