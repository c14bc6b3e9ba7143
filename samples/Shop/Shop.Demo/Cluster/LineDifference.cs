namespace Shop.Demo.Cluster;

/// <summary>A comparison of two texts by lines, for people: with + and -, between the lines that stayed.</summary>
internal static class LineDifference
{
    /// <summary>All lines, each marked with a blank, + or -; none where the texts are equal.</summary>
    public static IReadOnlyList<string> Between(string before, string after)
    {
        if (before == after)
        {
            return [];
        }

        var (a, b) = (before.TrimEnd().Split('\n'), after.TrimEnd().Split('\n'));
        var common = CommonLengths(a, b);
        var lines = new List<string>();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add("  " + a[i++]);
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add("- " + a[i++]);
            }
            else
            {
                lines.Add("+ " + b[j++]);
            }
        }

        return lines;
    }

    // common[i, j]: how many lines the rests from i and from j have in common, in order.
    private static int[,] CommonLengths(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
