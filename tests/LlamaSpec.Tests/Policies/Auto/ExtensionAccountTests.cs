using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class ExtensionAccountTests
{
    [Test]
    public void HalfAPercentOfTheTokensIsSpent()
    {
        var account = new ExtensionAccount();
        account.Earn(100);
        Assert.That(account.TryPay(0.6), Is.False);
        Assert.That(account.TryPay(0.4), Is.True);
        Assert.That(account.TryPay(0.2), Is.False, "0.1 is left");
        Assert.That(account.TryPay(double.PositiveInfinity), Is.False);
    }

    [Test]
    public void WhatIsSavedIsBounded()
    {
        var account = new ExtensionAccount();
        account.Earn(1_000_000);
        Assert.That(account.TryPay(2), Is.False);
        Assert.That(account.TryPay(1.99), Is.True);
    }
}
